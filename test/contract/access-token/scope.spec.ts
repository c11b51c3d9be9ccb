import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../support/http.js';
import { basic, D1_CLIENT, PROVISION, TestGateway } from '../../support/test-gateway.js';
import { askForToken, badRequest, GRANT, granted, seen } from './token-call.js';

const BOTH = 'client_of_both_scopes';
const NOT_ALLOWED = badRequest('scope holds a value that this client may not have', 'invalid_scope');
const MALFORMED = badRequest('scope is malformed', 'invalid_scope');

describe('the scope of an access token', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const clients = [...PROVISION.clients, { clientId: BOTH, scopes: ['d1:notify', 'gateway:operate'] }];
    gateway = await TestGateway.start({ provision: { ...PROVISION, clients } });
  });
  afterAll(() => gateway.close());

  const askAs = async (clientId: string, scope?: string): Promise<object> =>
    seen(
      await askForToken(gateway, {
        authorization: basic(clientId, gateway.secretOf(clientId)),
        form: scope === undefined ? GRANT : `${GRANT}&scope=${scope}`,
      }),
    );

  it.each([
    ['all of the client, where none is asked for', undefined, 'd1:notify gateway:operate'],
    ['all of the client, where an empty one is asked for', '', 'd1:notify gateway:operate'],
    ['one of several', 'd1:notify', 'd1:notify'],
    ['the other of several', 'gateway:operate', 'gateway:operate'],
    ['percent-encoded', 'd1%3Anotify', 'd1:notify'],
    ['all that are asked for, a plus between them', 'd1:notify+gateway:operate', 'd1:notify gateway:operate'],
    ['all that are asked for, %20 between them', 'd1:notify%20gateway:operate', 'd1:notify gateway:operate'],
    ['in the order of the request', 'gateway:operate+d1:notify', 'gateway:operate d1:notify'],
    ['once, where the request says it twice', 'd1:notify+d1:notify', 'd1:notify'],
  ])('%s', async (_name, asked, given) => {
    expect(await askAs(BOTH, asked)).toEqual(granted(given));
  });

  it.each(['gateway:operate', 'd1:notify', 'gateway:operate'])(
    'is in the access token as in the answer: %s',
    async (scope) => {
      const answer = await askForToken(gateway, {
        authorization: basic(BOTH, gateway.secretOf(BOTH)),
        form: `${GRANT}&scope=${scope}`,
      });
      expect(claimsOf(answer)).toMatchObject({ scope, client_id: BOTH });
    },
  );

  it('is never that of another client which asks for the same', async () => {
    for (const clientId of [BOTH, D1_CLIENT]) {
      const authorization = basic(clientId, gateway.secretOf(clientId));
      const answer = await askForToken(gateway, { authorization, form: `${GRANT}&scope=d1:notify` });
      expect(claimsOf(answer)).toMatchObject({ scope: 'd1:notify', client_id: clientId });
    }
  });

  it.each([
    ['one that nobody knows', 'd1:delete'],
    ['one of another client', 'gateway:operate'],
    ['one it may have and one it may not', 'd1:notify+gateway:operate'],
    ['one in another case', 'D1:NOTIFY'],
    ['the beginning of one', 'd1'],
  ])('is not granted: %s', async (_name, asked) => {
    expect(await askAs('is_tbank01', asked)).toEqual(NOT_ALLOWED);
  });

  it.each([
    ['a space before', '+d1:notify'],
    ['a space after', 'd1:notify+'],
    ['two spaces between', 'd1:notify++gateway:operate'],
    ['nothing but a space', '%20'],
    ['a line break between', 'd1:notify%0Agateway:operate'],
    ['a quotation mark', '%22d1:notify%22'],
    ['a backslash', 'd1%5Cnotify'],
    ['NUL', 'd1:notify%00'],
    ['a letter beyond ASCII', 'd1:n%C3%B6tify'],
    ['bytes that are no UTF-8', 'd1:notify%FF'],
  ])('is refused as malformed: %s', async (_name, asked) => {
    expect(await askAs(BOTH, asked)).toEqual(MALFORMED);
  });
});

function claimsOf(answer: Answer): object {
  const [, claims = ''] = answer.json<{ access_token: string }>().access_token.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
}
