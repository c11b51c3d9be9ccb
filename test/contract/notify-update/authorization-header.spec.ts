import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { basic, D1_CLIENT, notifyPath, TestGateway } from '../../support/test-gateway.js';
import { accepted, unauthorized } from './answers.js';
import { notify } from './notify.js';
import { forgetRecords, notification, NOTHING, records } from './records.js';

let gateway: TestGateway;
let accessToken: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  accessToken = await gateway.accessToken();
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

describe('the access token is taken from the Authorization header, RFC 6750, section 2.1', () => {
  test.each([
    ['as it is written', 'Bearer T'],
    ['the scheme in lower case', 'bearer T'],
    ['the scheme in upper case', 'BEARER T'],
    ['the scheme in any case', 'bEaReR T'],
    ['several spaces', 'Bearer   T'],
    ['a space at its end', 'Bearer T '],
  ])('%s', async (_, header) => {
    const authorization = header.replace('T', accessToken);
    expect(await notify(gateway, { headers: { authorization } })).toEqual(accepted());
    expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
  });
});

describe('401 without an access token in that form, and nothing is recorded', () => {
  test.each([
    ['no header', null],
    ['an empty header', ''],
    ['a scheme alone', 'Bearer'],
    ['a scheme and a space', 'Bearer '],
    ['no scheme', 'T'],
    ['another scheme', 'Token T'],
    ['a scheme that only begins right', 'Bearers T'],
    ['a scheme that only ends right', 'xBearer T'],
    ['a colon', 'Bearer: T'],
    ['quotes', 'Bearer "T"'],
    ['a parameter', 'Bearer token=T'],
    ['something behind it', 'Bearer T more'],
    ['a comma behind it', 'Bearer T,'],
    ['it twice', 'Bearer T, Bearer T'],
    ['the scheme twice', 'Bearer Bearer T'],
    ['a tab', 'Bearer\tT'],
    ['bytes that are no ASCII', 'Bearer \xff\xfe'],
    ['8,000 characters', `Bearer ${'a'.repeat(8000)}`],
    ['no JWT', 'Bearer opaque'],
    ['dots alone', 'Bearer ..'],
    ['a JWT of five parts', 'Bearer a.b.c.d.e'],
  ])('%s', async (_, header) => {
    const authorization = header?.replaceAll('T', accessToken) ?? null;
    expect(await notify(gateway, { headers: { authorization } })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test("the client's credentials instead", async () => {
    const authorization = basic(D1_CLIENT, gateway.secretOf(D1_CLIENT));
    expect(await notify(gateway, { headers: { authorization } })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('a bad header before the good one', async () => {
    const authorization = ['Bearer bad', `Bearer ${accessToken}`];
    expect(await notify(gateway, { headers: { authorization } })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('in the query (RFC 6750, section 2.3, is not offered: URLs are logged)', async () => {
    const path = `${notifyPath()}?access_token=${accessToken}`;
    expect(await notify(gateway, { path })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('in a form (RFC 6750, section 2.2, is not offered)', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await notify(gateway, { headers, body: `access_token=${accessToken}` })).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });
});
