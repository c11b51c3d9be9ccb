import 'reflect-metadata';
import { runNotifications, type RunResult } from '@gateway/d1-simulator';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { send } from '../support/http.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { MERCHANT, MERCHANT_GATEWAY, TOKEN } from '../support/test-gateway.js';
import { makeCertificates } from '../support/tls.js';
import { HAPROXY, Proxy } from './proxy.js';

const PATH = `/merchant-gateways/${MERCHANT_GATEWAY}/merchants/${MERCHANT}/tokens/${TOKEN}/notify-update`;
const COUNT = 600;

const gateways: GatewayProcess[] = [];
const databases: TestDatabase[] = [];
let proxy: Proxy | undefined;

afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
  for (const gateway of gateways.splice(0)) await gateway.end('SIGKILL');
  for (const database of databases.splice(0)) await database.drop();
});

describe.skipIf(!HAPROXY)('the proxy of deploy/proxy, before two gateways', () => {
  it('passes over a gateway that is killed, and answers 503, never 502 or 504, when both have gone', async () => {
    const url = await start();

    const result = await notify(url, () => gateways[0]?.end('SIGKILL'));

    expect(result.answersByStatus).toEqual({ 204: COUNT });
    expect(result.connectionFailures).toBe(0);

    await gateways[1]?.end('SIGKILL');
    const answer = await send(url, PATH, { headers: { 'x-correlation-id': 'both-have-gone' } });

    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({
      'retry-after': '5',
      'content-type': 'application/json',
      'x-correlation-id': 'both-have-gone',
    });
    expect(answer.json()).toEqual({ error: 'No gateway can be reached now' });
  });

  it('passes over a gateway that stops, before it closes its port', async () => {
    const url = await start({ SHUTDOWN_DELAY_MS: '3000' });

    const result = await notify(url, () => gateways[0]?.end('SIGTERM'));

    expect(result).toMatchObject({ answersByStatus: { 204: COUNT }, retries: 0, connectionFailures: 0 });
    expect(await gateways[0]?.end()).toBe(0);
  });

  it('sends what one gateway refuses to the other, once: overload is not multiplied', async () => {
    const asked = [0, 0];
    const statuses = [503, 503];
    const servers = await Promise.all(
      asked.map((_, index) =>
        stub((path) => {
          if (path === '/health/ready') return 200;
          asked[index] = (asked[index] ?? 0) + 1;
          return statuses[index] ?? 503;
        }),
      ),
    );
    try {
      const url = await startProxy(servers.map(addressOf));

      // Not by `send`: these are no gateways, and answer without a gateway's headers.
      const notifyOnce = async (): Promise<number> => (await fetch(url + PATH, { method: 'POST' })).status;
      expect(await notifyOnce()).toBe(503);
      expect(asked).toEqual([1, 1]);

      // Whichever has its turn first.
      statuses[1] = 204;
      const answers = await Promise.all(Array.from({ length: 20 }, notifyOnce));
      expect(new Set(answers)).toEqual(new Set([204]));
    } finally {
      await proxy?.stop();
      proxy = undefined;
      for (const server of servers) server.close();
    }
  });

  it('lets D1 in by its certificate only, and to its own paths only', async () => {
    const certificates = makeCertificates();
    const folder = mkdtempSync(join(tmpdir(), 'gateway-proxy-'));
    const port = await freePort();
    const url = `https://127.0.0.1:${port}`;
    const { TLS_CERT_FILE = '', TLS_KEY_FILE = '', TLS_CLIENT_CA_FILE = '' } = certificates.env;
    writeFileSync(join(folder, 'both.pem'), readFileSync(TLS_CERT_FILE, 'utf8') + readFileSync(TLS_KEY_FILE, 'utf8'));
    try {
      await start({}, ['haproxy.cfg', 'tls.cfg'], {
        PROXY_TLS_BIND: `127.0.0.1:${port}`,
        PROXY_CERT: join(folder, 'both.pem'),
        PROXY_CLIENT_CA: TLS_CLIENT_CA_FILE,
      });

      expect((await send(url, PATH, { tls: certificates.right })).status).toBe(204);
      expect((await send(url, '/docs', { method: 'GET', tls: certificates.right })).status).toBe(404);
      await expect(send(url, PATH, { tls: certificates.none })).rejects.toThrow();
      await expect(send(url, PATH, { tls: certificates.stranger })).rejects.toThrow();
    } finally {
      certificates.remove();
      rmSync(folder, { recursive: true });
    }
  });
});

/** Each on a database of its own: what they share is not what is tested here. */
async function start(
  env: Readonly<Record<string, string>> = {},
  files: readonly string[] = ['haproxy.cfg'],
  proxyEnv: Readonly<Record<string, string>> = {},
): Promise<string> {
  databases.push(await createTestDatabase(), await createTestDatabase());
  const started = databases.map((database) =>
    GatewayProcess.start(database, { D1_AUTHENTICATION: 'trusted-network', ...env }),
  );
  gateways.push(...(await Promise.all(started)));
  return startProxy(
    gateways.map(({ url }) => new URL(url).host),
    files,
    proxyEnv,
  );
}

async function startProxy(
  [first = '', second = '']: readonly string[],
  files: readonly string[] = ['haproxy.cfg'],
  proxyEnv: Readonly<Record<string, string>> = {},
): Promise<string> {
  const bind = `127.0.0.1:${await freePort()}`;
  const isUp = async (): Promise<boolean> => (await fetch(`http://${bind}/health/ready`)).ok;
  proxy = await Proxy.start(files, { PROXY_BIND: bind, GATEWAY_1: first, GATEWAY_2: second, ...proxyEnv }, isUp);
  return `http://${bind}`;
}

/** A gateway of which nothing matters but its status, path by path. */
async function stub(statusOf: (path: string) => number): Promise<Server> {
  const server = createServer((request, response) => response.writeHead(statusOf(request.url ?? '')).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @param trouble in the middle of it */
function notify(url: string, trouble: () => unknown): Promise<RunResult> {
  let answered = 0;
  return runNotifications({
    baseUrl: url,
    targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId: TOKEN }],
    count: COUNT,
    concurrency: 16,
    onAnswer: () => {
      answered += 1;
      if (answered === COUNT / 4) void trouble();
    },
  });
}
