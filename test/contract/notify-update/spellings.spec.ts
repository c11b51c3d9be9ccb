import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { accepted, METHOD_NOT_ALLOWED, offPattern, unauthorized } from './answers.js';
import { notify, notifyAs, type Notify } from './notify.js';
import { forgetRecords, NOTHING, records } from './records.js';

let gateway: TestGateway;
let notifyAsD1: Notify;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notifyAsD1 = await notifyAs(gateway);
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

const encoded = (path: string): string => path.replace('merchants', '%6dercha%6Ets').replace('MGW', '%4DGW');

describe.each<[string, (path: string) => string]>([
  ['with scheme and host (RFC 9112, section 3.2.2)', (path) => `http://gateway.example${path}`],
  ['with another scheme, in capitals, and a port', (path) => `HTTPS://gateway.example:8443${path}`],
  ['with two slashes', (path) => `/${path}`],
  ['with two slashes behind the host', (path) => `http://gateway.example/${path}`],
  ['percent-encoded where it need not be (RFC 3986, section 6.2.2.2)', encoded],
])('the path written otherwise is answered the same: %s', (_, written) => {
  test('204', async () => {
    expect(await notifyAsD1({ path: written(notifyPath()) })).toEqual(accepted());
  });

  test('400, 401 and 405, and nothing is recorded', async () => {
    expect(await notify(gateway, { path: written(notifyPath()) })).toEqual(unauthorized());
    expect(await notifyAsD1({ path: written(notifyPath()), method: 'GET' })).toEqual(METHOD_NOT_ALLOWED);
    for (const id of ['short', '', '%ZZ', '%FF', '%2541']) {
      const path = written(notifyPath(undefined, id));
      expect(await notifyAsD1({ path })).toEqual(offPattern('merchantId'));
      expect(await notifyAsD1({ path, method: 'GET' })).toEqual(METHOD_NOT_ALLOWED);
    }
    expect(await records(gateway)).toEqual(NOTHING);
  });
});
