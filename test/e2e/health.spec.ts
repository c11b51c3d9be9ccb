import { afterEach, beforeEach, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { notifyPath, TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await TestGateway.start();
});
afterEach(() => gateway.close());

const get = (path: string) => send(gateway.url, path, { method: 'GET' });

it('is alive and ready', async () => {
  expect((await get('/health/live')).json()).toEqual({ status: 'ok', info: {}, error: {}, details: {} });
  const ready = await get('/health/ready');
  expect(ready.status).toBe(200);
  expect(ready.json()).toMatchObject({ status: 'ok', info: { server: { status: 'up' }, database: { status: 'up' } } });
});

it('is alive but not ready while the database is away', async () => {
  const { dataSource } = gateway;
  await dataSource.destroy();

  expect((await get('/health/live')).status).toBe(200);
  const ready = await get('/health/ready');
  expect(ready.status).toBe(503);
  expect(ready.json()).toMatchObject({ status: 'error', error: { database: { status: 'down' } } });

  await dataSource.initialize();
  expect((await get('/health/ready')).status).toBe(200);
});

it('fails readiness first at shutdown, and still answers what comes until it closes', async () => {
  await gateway.close();
  gateway = await TestGateway.start({ env: { SHUTDOWN_DELAY_MS: '300' } });
  const authorization = `Bearer ${await gateway.accessToken()}`;

  const closed = gateway.app.close();
  await expect.poll(async () => (await get('/health/ready')).status, { interval: 5 }).toBe(503);
  const during = await send(gateway.url, notifyPath(), { headers: { authorization } });

  expect(during.status).toBe(204);
  expect(during.headers.connection).toBe('close');
  await closed;
  await expect(get('/health/live')).rejects.toThrow('ECONNREFUSED');
});
