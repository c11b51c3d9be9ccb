// Exit code 0 if the gateway of this container may be sent requests. It asks itself, by the settings it listens with.
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';

const TIMEOUT_MS = 4000;
// As in the settings, an empty variable counts as unset.
const HOST = process.env.HOST || '0.0.0.0';
const PORT = process.env.PORT || '3000';
const { TLS_CERT_FILE } = process.env;
const ANY_ADDRESS = { '0.0.0.0': '127.0.0.1', '::': '::1' };

// Not fetch: over TLS the certificate is not for this address, and whose it is does not matter here.
const get = TLS_CERT_FILE ? httpsGet : httpGet;
const options = {
  host: ANY_ADDRESS[HOST] ?? HOST,
  port: PORT,
  path: '/health/ready',
  rejectUnauthorized: false,
  timeout: TIMEOUT_MS,
};
const request = get(options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
request.on('timeout', () => request.destroy(new Error(`No answer within ${TIMEOUT_MS} ms`)));
request.on('error', ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
