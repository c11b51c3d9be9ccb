import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import { METHOD_NOT_ALLOWED } from './answers.js';
import { notify, notifyAs, type Notify } from './notify.js';
import { NOTHING, records } from './records.js';

const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

let gateway: TestGateway;
let notifyAsD1: Notify;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notifyAsD1 = await notifyAs(gateway);
});
afterAll(() => gateway.close());

describe('405 with Allow: POST for another method, and nothing is recorded', () => {
  test.each(METHODS)('%s', async (method) => {
    expect(await notifyAsD1({ method })).toEqual(METHOD_NOT_ALLOWED);
    expect(await notify(gateway, { method })).toEqual(METHOD_NOT_ALLOWED);
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('HEAD, whose answer has no body', async () => {
    expect(await notifyAsD1({ method: 'HEAD' })).toEqual({ ...METHOD_NOT_ALLOWED, body: '' });
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test.each(['PUT', 'PATCH', 'DELETE', 'QUERY'])('%s with a body', async (method) => {
    for (const body of ['{}', '{', Buffer.alloc(1024 * 1024)]) {
      const headers = { 'content-type': 'application/json' };
      expect(await notifyAsD1({ method, headers, body })).toEqual(METHOD_NOT_ALLOWED);
    }
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test.each([
    ['off its pattern', 'short'],
    ['empty', ''],
    ['broken', '%ZZ'],
  ])('whatever stands in place of the ids: %s', async (_, id) => {
    const ids = { merchantGatewayId: id, merchantId: id, tokenId: id };
    expect(await notifyAsD1({ method: 'GET', ...ids })).toEqual(METHOD_NOT_ALLOWED);
  });
});
