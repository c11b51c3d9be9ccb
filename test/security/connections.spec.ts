// What connections cost that are opened and nothing else: not those of the others, and not for ever.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { TestGateway } from '../support/test-gateway.js';
import { makeCertificates, type Certificates } from '../support/tls.js';

const MANY = '127.0.0.1';
const OTHER = '127.0.0.2';

let certificates: Certificates;
let gateway: TestGateway;
const sockets: Socket[] = [];
beforeAll(() => void (certificates = makeCertificates()));
afterEach(async () => {
  closeAll();
  await gateway.close();
});
afterAll(() => certificates.remove());

/** Sends nothing, not even the beginning of a handshake. */
async function open(): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: MANY }).on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket.resume();
}

function closeAll(): void {
  for (const socket of sockets.splice(0)) socket.destroy();
}

const end = (socket: Socket): Promise<void> => finished(socket, { cleanup: true }).catch(() => {});

describe.each(['http', 'https'])('one address, by %s', (protocol) => {
  const start = async (): Promise<void> => {
    const tls = protocol === 'https' ? certificates.env : {};
    gateway = await TestGateway.start({ env: { MAX_CONNECTIONS_PER_ADDRESS: '5', MAX_CONNECTIONS: '20', ...tls } });
  };
  const statusFor = async (localAddress: string): Promise<number> =>
    (await send(gateway.url, '/health/live', { method: 'GET', localAddress, tls: certificates.none })).status;

  it('takes no place of the others with connections that it opens and leaves idle', async () => {
    await start();
    for (let count = 0; count < 25; count += 1) await open();

    expect(await statusFor(MANY)).toBe(503);
    expect(await statusFor(OTHER)).toBe(200);
  });

  it('is dropped unheard where it goes on, until it closes some', async () => {
    await start();
    for (let count = 0; count < 55; count += 1) await open();
    const unheard = await open();

    await end(unheard);

    expect(unheard.bytesRead).toBe(0);
    expect(await statusFor(OTHER)).toBe(200);
    closeAll();
    await expect.poll(() => statusFor(MANY)).toBe(200);
  });

  it('has as many served as it may have, and not one less', async () => {
    await start();
    for (let count = 0; count < 4; count += 1) await open();

    expect(await statusFor(MANY)).toBe(200);
  });
});

it('a TLS handshake that never begins is cut off after REQUEST_TIMEOUT_MS', async () => {
  gateway = await TestGateway.start({ env: { ...certificates.env, REQUEST_TIMEOUT_MS: '1000' } });
  const socket = await open();
  const startedMs = performance.now();

  await end(socket);

  expect(performance.now() - startedMs).toBeLessThan(6000);
});
