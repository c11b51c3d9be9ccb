import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { notifyPath, TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
const sockets: Socket[] = [];

beforeEach(async () => {
  gateway = await TestGateway.start({ env: { MAX_CONNECTIONS: '2' } });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway.close();
});

async function connected(): Promise<Socket> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function answerOn(socket: Socket, path: string): Promise<string> {
  socket.write(`POST ${path} HTTP/1.1\r\nHost: gateway\r\nContent-Length: 0\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

it('answers 503 on a connection too many, closes it, and serves the others on', async () => {
  const first = await connected();
  const second = await connected();
  expect(await answerOn(first, notifyPath())).toMatch(/^HTTP\/1\.1 401 /);
  expect(await answerOn(second, notifyPath())).toMatch(/^HTTP\/1\.1 401 /);

  const refused = await send(gateway.url, notifyPath(), { headers: { 'x-correlation-id': 'c-1' } });

  expect(refused.status).toBe(503);
  expect(refused.headers).toMatchObject({ 'retry-after': '5', 'x-correlation-id': 'c-1', connection: 'close' });
  expect(refused.json()).toEqual({ error: 'Not able to answer now' });
  expect(await answerOn(first, notifyPath())).toMatch(/^HTTP\/1\.1 401 /);
  first.destroy();
  await expect.poll(async () => (await send(gateway.url, notifyPath())).status).toBe(401);
});
