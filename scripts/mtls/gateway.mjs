// A built gateway in a process of its own, with the files of the certificates.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

export const CLIENT = { id: 'd1', secret: 'a-secret-of-this-script-alone' };
const IDS = { gateway: 'MGW_000001', merchant: '10610027312', token: '01fb32ff-5ed0-497f-8835-6af0916f29c0' };
export const NOTIFY = `/merchant-gateways/${IDS.gateway}/merchants/${IDS.merchant}/tokens/${IDS.token}/notify-update`;

const PROVISION = {
  merchantGateways: [
    { id: IDS.gateway, name: 'PSP', merchants: [{ id: IDS.merchant, name: 'Shop', tokens: [IDS.token] }] },
  ],
  clients: [
    { clientId: CLIENT.id, clientSecret: CLIENT.secret, scopes: ['d1:notify'], merchantGateways: [IDS.gateway] },
  ],
};

/** @returns where it is, and how to end it */
export async function startGateway(certificates, { files, env }) {
  certificates.write('provision.json', JSON.stringify(PROVISION));
  const port = await freePort();
  const child = spawn(process.execPath, [resolve('dist/src/main.js')], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: certificates.file(`data-${port}`),
      PROVISION_FILE: certificates.file('provision.json'),
      ...Object.fromEntries(Object.entries(files).map(([setting, name]) => [setting, certificates.file(name)])),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  await new Promise((ready, failed) => {
    child.once('exit', () => failed(new Error(`The gateway did not start: ${output}`)));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('"msg":"Listening"')) ready();
    });
  });
  return {
    port,
    scheme: files.TLS_CERT_FILE ? 'https' : 'http',
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
