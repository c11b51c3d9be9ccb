import { describeMerchantHandler, startTestGateway, type TestGateway } from '@gateway/merchant-kit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExampleVaultHandler, ExampleVaultModule } from '../src/index.js';
import { D1StandIn } from './d1-stand-in.js';

const CARDS = 'select token_id, sequence, state, expiry from team_example_vault_cards order by token_id';

let d1: D1StandIn;
let gateway: TestGateway;

async function start(): Promise<void> {
  d1 = await D1StandIn.start();
  gateway = await startTestGateway({ merchants: [ExampleVaultModule], env: d1.env });
}

async function close(): Promise<void> {
  await gateway.close();
  await d1.close();
}

async function cards(): Promise<object[]> {
  const rows = await gateway.query<{ sequence: number | string }>(CARDS);
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
}

describeMerchantHandler('example-vault', async () => {
  await start();
  return { handler: gateway.get(ExampleVaultHandler), state: cards, close };
});

describe('the example vault, behind D1’s notification', () => {
  beforeEach(start);
  afterEach(close);

  it('has the token as D1 has it', async () => {
    d1.answers.set('token-1', { status: 200, body: { state: 'SUSPENDED', card: { expiry: '2029-07' } } });

    expect(await gateway.notify('token-1')).toBe(204);
    await gateway.settled(1);

    expect(await cards()).toEqual([{ token_id: 'token-1', sequence: 1, state: 'SUSPENDED', expiry: '2029-07' }]);
    expect(d1.asked).toEqual(['/merchants/10610027312/tokens/token-1']);
    const answer = await fetch(`${gateway.url}/merchants/example-vault/cards`);
    expect(await answer.json()).toEqual([{ state: 'SUSPENDED', cards: 1 }]);
  });

  it('asks D1 again while it does not answer, and keeps what it says in the end', async () => {
    d1.answers.set('token-1', { status: 500 });
    await gateway.notify('token-1');
    await gateway.tried(1);
    expect(await gateway.deliveries()).toMatchObject([
      {
        state: 'pending',
        reason: 'The handler failed: GET /merchants/10610027312/tokens/token-1 at D1: 500 (tried 3 times)',
      },
    ]);
    expect(await cards()).toEqual([]);

    d1.answers.delete('token-1');
    await gateway.later(10);
    await gateway.settled(1);

    expect(await cards()).toEqual([{ token_id: 'token-1', sequence: 1, state: 'ACTIVE', expiry: null }]);
  });

  it('marks a token deleted that D1 knows no more', async () => {
    d1.answers.set('token-2', { status: 404 });
    await gateway.notify('token-2');
    await gateway.settled(1);

    expect(await cards()).toEqual([{ token_id: 'token-2', sequence: 1, state: 'DELETED', expiry: null }]);
  });

  it('marks no token deleted because D1 has no access token for it', async () => {
    d1.accessTokenStatus = 404;
    await gateway.notify('token-1');
    await gateway.tried(1);

    expect(await gateway.deliveries()).toMatchObject([
      { state: 'pending', reason: 'The handler failed: POST /authz/v1/oauth2/token at D1: 404' },
    ]);
    expect(await cards()).toEqual([]);
  });
});
