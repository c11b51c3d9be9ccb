import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { askForToken, granted, INVALID_CLIENT, seen } from './token-call.js';

describe('Basic credentials of nobody', () => {
  let gateway: TestGateway;
  let secret: string;
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: { GUESS_LIMIT_PER_MINUTE: '100000' } });
    secret = gateway.secretOf(D1_CLIENT);
  });
  afterAll(() => gateway.close());

  const present = async (id: string, secret: string): Promise<object> =>
    seen(await askForToken(gateway, { authorization: basic(id, secret) }));

  // Concurrent: each takes the time of a refusal.
  it.concurrent.each([
    ['no secret', () => [D1_CLIENT, '']],
    ['no id', () => ['', secret]],
    ['nothing but a colon', () => ['', '']],
    ['the secret cut off', () => [D1_CLIENT, secret.slice(0, -1)]],
    ['something after the secret', () => [D1_CLIENT, `${secret}=`]],
    ['the secret in another case', () => [D1_CLIENT, swapCase(secret)]],
    ['a colon and the secret', () => [D1_CLIENT, `:${secret}`]],
    ['the secret of another client', () => [D1_CLIENT, gateway.secretOf('other_bank')]],
    ['the id of another client', () => ['other_bank', secret]],
    ['the id in another case', () => [D1_CLIENT.toUpperCase(), secret]],
    ['a space before the id', () => [` ${D1_CLIENT}`, secret]],
    ['a space after the id', () => [`${D1_CLIENT} `, secret]],
    ['a wildcard for an id', () => ['%', secret]],
    ['an id of SQL', () => ["' or '1'='1", secret]],
    ['an id of object internals', () => ['__proto__', secret]],
    ['a very long id', () => ['x'.repeat(9_000), secret]],
    ['a very long secret', () => [D1_CLIENT, 'x'.repeat(9_000)]],
    ['a secret of broken form encoding', () => [D1_CLIENT, `${secret}%`]],
    ['a secret that is form encoding of no UTF-8', () => [D1_CLIENT, '%FF']],
    ['NUL in the secret, form-encoded', () => [D1_CLIENT, `${secret}%00`]],
    ['NUL after the id, form-encoded', () => [`${D1_CLIENT}%00`, secret]],
    ['NUL for an id, form-encoded', () => ['%00', '%00']],
    ['a line break in the id, form-encoded', () => [`${D1_CLIENT}%0D%0A`, secret]],
  ] as [string, () => [string, string]][])('are refused: %s', async (_name, credentials) => {
    expect(await present(...credentials())).toEqual(INVALID_CLIENT);
  });

  it('are refused beside the right ones in the form, or in the query string', async () => {
    const right = `client_id=${D1_CLIENT}&client_secret=${secret}`;
    const inForm = { authorization: null, form: `grant_type=client_credentials&${right}` };
    const inQuery = { authorization: null, path: `/oauth2/token?${right}` };
    expect(seen(await askForToken(gateway, inForm))).toEqual(INVALID_CLIENT);
    expect(seen(await askForToken(gateway, inQuery))).toEqual(INVALID_CLIENT);
  });

  it('do no harm to the right ones', async () => {
    expect(await present(D1_CLIENT, secret)).toEqual(granted());
  });
});

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
}
