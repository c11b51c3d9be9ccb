import { connect } from 'node:net';

/** Who has said nothing for so long waits for more; a request that is not whole is no fault. */
const QUIET_MS = 150;
const ANSWER_MS = 15_000;

/**
 * Sends bytes on a connection of their own.
 *
 * @param mustAnswer whether the bytes are a whole request
 * @returns the statuses that came back, and whether the server fell silent on a whole request
 */
export function exchange(port, bytes, { mustAnswer = true } = {}) {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => finish(mustAnswer), mustAnswer ? ANSWER_MS : QUIET_MS);
    const finish = (isSilent = false) => {
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...received.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
      resolve({ statuses, received, isSilent: isSilent && statuses.length === 0 });
    };
    socket.on('error', () => finish());
    socket.on('close', () => finish());
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('connect', () => socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes));
  });
}

/** A whole request, as text in which each character is a byte. */
export function request(method, target, headers, body = '') {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `${method} ${target} HTTP/1.1`,
    'Host: gateway',
    'Connection: close',
    `Content-Length: ${body.length}`,
    ...lines,
    '',
    body,
  ].join('\r\n');
}

/** UTF-8, as characters that are bytes. */
export const bytesOf = (text) => Buffer.from(text, 'utf8').toString('latin1');
/** What may stand in the value of a header, so that the request stays one. */
export const headerSafe = (text) => bytesOf(text).replaceAll(/[\r\n\0]/g, '');
