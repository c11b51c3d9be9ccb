import { afterEach, describe, expect, it } from 'vitest';
import { basic, D1_CLIENT, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { bytesFor } from './raw-token-call.js';
import { askForToken, GRANT, granted, INVALID_CLIENT, seen } from './token-call.js';

const SCOPES = ['d1:notify'];
const DISABLED = 'disabled';
const CHOSEN = { clientId: 'chosen', clientSecret: 'secret of chosen', scopes: SCOPES };
const DISABLED_CHOSEN = { clientId: 'disabled_chosen', clientSecret: 'secret of disabled_chosen', scopes: SCOPES };

describe('wrong credentials', () => {
  let gateway: TestGateway;
  const start = async (clients: object[]): Promise<void> => {
    gateway = await TestGateway.start({
      provision: { ...PROVISION, clients: [...PROVISION.clients, { clientId: DISABLED, scopes: SCOPES }, ...clients] },
      env: { CLIENT_CACHE_SECONDS: '0', GUESS_LIMIT_PER_MINUTE: '100000' },
    });
    await gateway.query(`update clients set disabled_at_ms = 1 where client_id like 'disabled%'`);
  };
  afterEach(() => gateway.close());

  /** Each for another reason, which must not show. */
  const guesses = (): Record<string, string> => ({
    'unknown client': basic('nobody', 'whatever'),
    'unknown client, secret of another': basic('nobody', gateway.secretOf(D1_CLIENT)),
    'wrong secret': basic(D1_CLIENT, 'whatever'),
    'secret of another client': basic(D1_CLIENT, gateway.secretOf('operator')),
    'disabled client, right secret': basic(DISABLED, gateway.secretOf(DISABLED)),
    'disabled client, wrong secret': basic(DISABLED, 'whatever'),
  });

  /** Sends them at once; which of them are answered first. */
  async function orderOfAnswers(authorizations: string[]): Promise<number[]> {
    const order: number[] = [];
    const ask = (authorization: string, index: number): Promise<unknown> =>
      bytesOf(gateway, authorization).then(() => order.push(index));
    await Promise.all(authorizations.map(ask));
    return order;
  }

  it('are answered with the same bytes, whatever is wrong with them', async () => {
    await start([]);
    const answers = await Promise.all(Object.values(guesses()).map((guess) => bytesOf(gateway, guess)));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('HTTP/1.1 401 Unauthorized\r\n');
    expect(answers[0]).toContain('\r\n\r\n{"error":"invalid_client"}');
  });

  it('are answered with the same bytes as none at all', async () => {
    await start([]);
    const none = [basic(D1_CLIENT, ''), '', 'Bearer x'];
    const authorizations = [...Object.values(guesses()), ...none];
    const answers = await Promise.all(authorizations.map((authorization) => bytesOf(gateway, authorization, '')));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('HTTP/1.1 401 Unauthorized\r\n');
    expect(answers[0]).toContain('\r\n\r\n{"error":"invalid_client"}');
  });

  it('are answered as the contract says', async () => {
    await start([]);
    for (const authorization of Object.values(guesses())) {
      expect(seen(await askForToken(gateway, { authorization }))).toEqual(INVALID_CLIENT);
    }
  });

  it('are not answered at once, which would tell a known client from an unknown one', async () => {
    await start([]);
    for (const guess of Object.values(guesses())) {
      expect(await timeMs(() => bytesOf(gateway, guess))).toBeGreaterThan(95);
    }
  });

  it.each([
    ['a disabled client', () => basic(DISABLED_CHOSEN.clientId, DISABLED_CHOSEN.clientSecret)],
    ['an unknown client', () => basic('nobody', 'whatever')],
    ['a client with a generated secret', () => basic(D1_CLIENT, 'whatever')],
  ])('cost the same work, be it for a client with a chosen secret or for %s', async (_name, guess) => {
    await start([CHOSEN, DISABLED_CHOSEN]);
    // Slow hashes of one address take turns: who comes once the others wait, and is not the last, has not waited for one.
    const order: string[] = [];
    const ask = (name: string, authorization: string): Promise<unknown> =>
      bytesOf(gateway, authorization).then(() => order.push(name));
    const others = Array.from({ length: 6 }, () => ask('other', basic(CHOSEN.clientId, 'whatever')));
    await Promise.race(others);
    const answered = order.length;
    await ask('guess', guess());
    expect(order.length - answered).toBeGreaterThanOrEqual(4);
    await Promise.all(others);
  });

  it('keep nobody waiting who has the right ones', async () => {
    await start([CHOSEN]);
    const right = [basic(CHOSEN.clientId, CHOSEN.clientSecret), basic(D1_CLIENT, gateway.secretOf(D1_CLIENT))];
    for (const authorization of right) expect((await askForToken(gateway, { authorization })).status).toBe(200);
    const wrong = Array<string>(4).fill(basic(CHOSEN.clientId, 'whatever'));
    const order = await orderOfAnswers([...wrong, ...right]);
    expect(new Set(order.slice(0, 2))).toEqual(new Set([4, 5]));
  });

  it('are those that were right until the secret was taken away', async () => {
    await start([CHOSEN]);
    const authorization = basic(CHOSEN.clientId, CHOSEN.clientSecret);
    expect(seen(await askForToken(gateway, { authorization }))).toEqual(granted());
    await gateway.query(`delete from client_secrets where client_id = '${CHOSEN.clientId}'`);
    // Longer than any client is remembered here.
    await bytesOf(gateway, basic('nobody', 'whatever'));
    expect(seen(await askForToken(gateway, { authorization }))).toEqual(INVALID_CLIENT);
  });
});

async function timeMs(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}

/** The answer byte by byte, but for its date and correlation id. */
async function bytesOf(gateway: TestGateway, authorization: string, body = GRANT): Promise<string> {
  const answer = await bytesFor(gateway, { authorization, body });
  return answer.replace(/^date: .*$/im, '').replace(/^x-correlation-id: .*$/im, '');
}
