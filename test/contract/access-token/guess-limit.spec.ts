import { afterEach, describe, expect, it } from 'vitest';
import { basic, D1_CLIENT, TestGateway, type TestGatewayOptions } from '../../support/test-gateway.js';
import { askForToken, badRequest, granted, HEADERS, INVALID_CLIENT, seen } from './token-call.js';

const WRONG = basic(D1_CLIENT, 'wrong');
const TOO_MANY = {
  status: 429,
  // Of a window of one minute.
  headers: { ...HEADERS, 'retry-after': expect.stringMatching(/^([1-9]|[1-5][0-9]|60)$/) as string },
  body: { error: 'slow_down' },
};

describe('guessing secrets', () => {
  let gateway: TestGateway;
  const start = async (env: TestGatewayOptions['env'] = {}): Promise<void> => {
    gateway = await TestGateway.start({ env: { GUESS_LIMIT_PER_MINUTE: '3', ...env } });
  };
  afterEach(() => gateway.close());

  const guess = async (authorization = WRONG, headers = {}): Promise<object> =>
    seen(await askForToken(gateway, { authorization, headers }));
  const guesses = async (count: number, headers = {}): Promise<void> => {
    await Promise.all(Array.from({ length: count }, () => guess(WRONG, headers)));
  };

  it('is answered 429 once an address has used up its guesses', async () => {
    await start();
    for (const nth of [1, 2, 3]) expect([nth, await guess()]).toEqual([nth, INVALID_CLIENT]);
    expect(await guess()).toEqual(TOO_MANY);
    expect(await guess(basic('nobody', 'wrong'))).toEqual(TOO_MANY);
  });

  it('never costs the right client its access token', async () => {
    await start();
    await guesses(5);
    expect(await guess()).toEqual(TOO_MANY);
    expect(seen(await askForToken(gateway))).toEqual(granted());
    expect(seen(await askForToken(gateway))).toEqual(granted());
    expect(await guess()).toEqual(TOO_MANY);
  });

  it('never hides from the right client what is wrong with its form', async () => {
    await start();
    await guesses(4);
    expect(seen(await askForToken(gateway, { form: 'x=1' }))).toEqual(badRequest('grant_type is missing'));
  });

  it('is not what a caller does who shows no credentials, or malformed ones', async () => {
    await start({ GUESS_LIMIT_PER_MINUTE: '1' });
    for (const _time of [1, 2, 3]) {
      expect(seen(await askForToken(gateway, { authorization: null }))).toEqual(INVALID_CLIENT);
      expect(await guess('Basic ')).toEqual(badRequest('Authorization is not base64'));
    }
    expect(await guess()).toEqual(INVALID_CLIENT);
    expect(await guess()).toEqual(TOO_MANY);
    expect(seen(await askForToken(gateway, { authorization: null }))).toEqual(INVALID_CLIENT);
  });

  it('counts once where the credentials can be read in two ways', async () => {
    await start({ GUESS_LIMIT_PER_MINUTE: '1' });
    expect(await guess(basic(D1_CLIENT, 'wr%6Fng'))).toEqual(INVALID_CLIENT);
    expect(await guess(basic(D1_CLIENT, 'wr%6Fng'))).toEqual(TOO_MANY);
  });

  it('is not undone by saying to be somebody else', async () => {
    await start();
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) await guess(WRONG, forwardedFor(address));
    expect(await guess(WRONG, forwardedFor('192.0.2.4'))).toEqual(TOO_MANY);
  });

  it('is not undone by what is no address, nor by another port, where a trusted proxy tells it', async () => {
    const from = (address: string) =>
      askForToken(gateway, { authorization: WRONG, headers: { 'x-forwarded-for': address } });
    const statuses = async (addresses: string[]) => {
      const all: number[] = [];
      for (const address of addresses) all.push((await from(address)).status);
      return all;
    };
    await start({ TRUSTED_PROXIES: 'loopback' });
    expect(await statuses(['x1', 'x2, ', '999.1.1.1', '::1%a', 'a'.repeat(500)])).toEqual([401, 401, 401, 429, 429]);
    expect(await statuses([1, 2, 3, 4].map((port) => `192.0.2.7:${port}`))).toEqual([401, 401, 401, 429]);
    expect(await statuses(['[2001:db8::1]:1', '2001:db8::2', 'x, [2001:db8::3]:5', '2001:db8::4'])).toEqual([
      401, 401, 401, 429,
    ]);
  });

  it('counts against the address that a trusted proxy tells', async () => {
    await start({ TRUSTED_PROXIES: '127.0.0.1' });
    await guesses(4, forwardedFor('192.0.2.1'));
    expect(await guess(WRONG, forwardedFor('192.0.2.1'))).toEqual(TOO_MANY);
    expect(await guess(WRONG, forwardedFor('192.0.2.2'))).toEqual(INVALID_CLIENT);
  });
});

function forwardedFor(address: string): object {
  return { 'x-forwarded-for': address };
}
