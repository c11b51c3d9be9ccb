import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { D1Client, D1ClientModule, D1TokenRefresher } from '@gateway/d1-client';
import { TokenRefresher, type TokenUpdatedEvent } from '@gateway/merchant-kit';
import { FakeD1, json } from './fake-d1.js';

const EVENT: TokenUpdatedEvent = {
  type: 'token.updated',
  timestamp: '2026-11-23T12:00:00.000Z',
  data: {
    notificationId: '019ab0a0-0000-7000-8000-000000000000',
    merchantGatewayId: 'MGW_000001',
    merchantId: '10610027312',
    tokenId: 'token-1',
    sequence: 1,
    correlationId: 'correlation-1',
    receivedAt: '2026-11-23T12:00:00.000Z',
  },
};

const { signal } = new AbortController();

let d1: FakeD1;
let client: D1Client;
beforeAll(async () => {
  d1 = await FakeD1.start();
});
afterAll(() => d1.stop());
beforeEach(() => {
  d1.reset();
  client = new D1Client(d1.options());
});
afterEach(() => client.close());

/** What the kit calls a refresher, so that a handler need not know who asks D1. */
function refresherOf(given: D1Client): TokenRefresher<string> {
  return new D1TokenRefresher({
    client: given,
    request: ({ data }: TokenUpdatedEvent) => `/merchants/${data.merchantId}/tokens/${data.tokenId}`,
    map: (body) => {
      const { state } = body as { state?: string };
      if (state === undefined) throw new Error('state is missing');
      return state;
    },
  });
}

it('fetches the state of the token that an event names', async () => {
  expect(await refresherOf(client).refresh(EVENT, { signal })).toBe('ACTIVE');
  expect(d1.calls).toMatchObject([{ method: 'GET', url: '/merchants/10610027312/tokens/token-1' }]);
});

it('makes another call than a GET where the team says so', async () => {
  const refresher = new D1TokenRefresher({
    client,
    request: ({ data }) => ({ method: 'POST', path: '/search', body: { id: data.tokenId }, isIdempotent: true }),
    map: (body) => body,
  });

  expect(await refresher.refresh(EVENT, { signal })).toEqual({ state: 'ACTIVE' });
  expect(d1.calls).toMatchObject([{ method: 'POST', url: '/search', body: '{"id":"token-1"}' }]);
});

it('says when D1 does not know the token, when it refuses, and when the answer is not as the team expects', async () => {
  d1.answers = [json(404, {}), json(403, {}), json(200, { status: 'ACTIVE' })];
  const refresher = refresherOf(client);

  expect(await refresher.refresh(EVENT, { signal })).toBeUndefined();
  await expect(refresher.refresh(EVENT, { signal })).rejects.toMatchObject({ kind: 'refused', status: 403 });
  await expect(refresher.refresh(EVENT, { signal })).rejects.toMatchObject({ kind: 'malformed', status: 200 });
});

it('does not take a token for gone because there is no access token to be had', async () => {
  d1.tokenAnswers = [json(404, {})];

  await expect(refresherOf(client).refresh(EVENT, { signal })).rejects.toMatchObject({ kind: 'unavailable' });
});

it('ends with the signal of the handler’s context', async () => {
  const abort = new AbortController();
  d1.answers = [() => abort.abort(new Error('deadline'))];

  await expect(refresherOf(client).refresh(EVENT, { signal: abort.signal })).rejects.toThrow('deadline');
});

it('works in a team’s Nest module, which closes the client when the application stops', async () => {
  @Injectable()
  class Vault {
    readonly refresher: TokenRefresher<string>;
    constructor(readonly d1Client: D1Client) {
      this.refresher = refresherOf(d1Client);
    }
  }
  @Module({ imports: [D1ClientModule.registerAsync({ useFactory: () => d1.options() })], providers: [Vault] })
  class VaultModule {}
  const app = await Test.createTestingModule({ imports: [VaultModule] }).compile();
  const vault = app.get(Vault);

  expect(await vault.refresher.refresh(EVENT, { signal })).toBe('ACTIVE');
  await app.close();
  await expect(vault.refresher.refresh(EVENT, { signal })).rejects.toThrow();
});
