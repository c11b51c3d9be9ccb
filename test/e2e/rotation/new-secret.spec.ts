import { getRepositoryToken } from '@nestjs/typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../../../src/auth/clients/client.entity.js';
import { cli } from '../../support/cli.js';
import { send } from '../../support/http.js';
import { basic, D1_CLIENT, MERCHANT_GATEWAY, TestGateway } from '../../support/test-gateway.js';

// A process for each command, on machines that are busy.
vi.setConfig({ testTimeout: 120_000 });

let gateway: TestGateway;
beforeEach(async () => {
  // What is remembered stays so: nobody is to wait for it.
  gateway = await TestGateway.start({ env: { CLIENT_CACHE_SECONDS: '300', GUESS_LIMIT_PER_MINUTE: '10' } });
});
afterEach(() => gateway.close());

async function ask(clientId: string, secret: string): Promise<number> {
  const headers = { authorization: basic(clientId, secret), 'content-type': 'application/x-www-form-urlencoded' };
  return (await send(gateway.url, '/oauth2/token', { headers, body: 'grant_type=client_credentials' })).status;
}

async function secretMadeBy(...command: string[]): Promise<string> {
  const made = await cli(gateway.database, [...command, '--json']);
  expect(made.stderr).toBe('');
  return made.json<{ clientSecret: string }>().clientSecret;
}

it('a secret that another process has made is right at once, and so is the one before', async () => {
  const before = gateway.secretOf(D1_CLIENT);
  expect(await ask(D1_CLIENT, before)).toBe(200);

  const secret = await secretMadeBy('client', 'rotate', D1_CLIENT);

  expect([await ask(D1_CLIENT, secret), await ask(D1_CLIENT, before)]).toEqual([200, 200]);
});

it('a client that another process has made is known at once, although it was refused just now', async () => {
  expect(await ask('third_bank', 'a guess')).toBe(401);

  const secret = await secretMadeBy('client', 'create', 'third_bank', '--merchant-gateways', MERCHANT_GATEWAY);

  expect(await ask('third_bank', secret)).toBe(200);
});

describe('guessing does not become a flood on the database', () => {
  it.each([
    // And the first.
    ['a client’s secret', () => D1_CLIENT, 50],
    ['at clients that there are not', (nth: number) => `nobody-${nth}`, 10],
  ])('%s', async (_name, clientId, intervalMs) => {
    expect(await ask(D1_CLIENT, gateway.secretOf(D1_CLIENT))).toBe(200);
    const asked = vi.spyOn(gateway.app.get<{ find: () => unknown }>(getRepositoryToken(Client)), 'find');
    const startedMs = performance.now();
    const statuses = await Promise.all(Array.from({ length: 400 }, (_, n) => ask(clientId(n), `guess-${n}`)));
    const tookMs = performance.now() - startedMs;

    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(asked.mock.calls.length).toBeLessThanOrEqual(tookMs / intervalMs + 1);
    expect(asked.mock.calls.length).toBeGreaterThan(0);
    expect(await ask(D1_CLIENT, gateway.secretOf(D1_CLIENT))).toBe(200);
  });
});
