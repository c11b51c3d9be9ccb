import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { accepted, UNKNOWN_MERCHANT, unauthorized } from './answers.js';
import { notifyAs, type Notify } from './notify.js';
import { forgetRecords, NOTHING, records } from './records.js';

// A client is remembered for CLIENT_CACHE_SECONDS; with 0 a change shows within a millisecond or two.
const SOON = { interval: 1, timeout: 2000 };

let gateway: TestGateway;
let notifyAsD1: Notify;

beforeEach(async () => {
  gateway = await TestGateway.start({ env: { CLIENT_CACHE_SECONDS: '0' } });
  notifyAsD1 = await notifyAs(gateway);
  expect(await notifyAsD1()).toEqual(accepted());
});
afterEach(() => gateway.close());

describe('401 for an access token whose client has lost its standing since', () => {
  test('disabled; and enabled again, it is good again', async () => {
    await gateway.query(`update clients set disabled_at_ms = 1 where client_id = '${D1_CLIENT}'`);
    await expect.poll(() => notifyAsD1(), SOON).toEqual(unauthorized());
    await forgetRecords(gateway);
    expect(await notifyAsD1()).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
    await gateway.query(`update clients set disabled_at_ms = null where client_id = '${D1_CLIENT}'`);
    await expect.poll(() => notifyAsD1(), SOON).toEqual(accepted());
  });

  test('deleted', async () => {
    await gateway.query(`delete from client_merchant_gateways where client_id = '${D1_CLIENT}'`);
    await gateway.query(`delete from client_secrets where client_id = '${D1_CLIENT}'`);
    await gateway.query(`delete from clients where client_id = '${D1_CLIENT}'`);
    await expect.poll(() => notifyAsD1(), SOON).toEqual(unauthorized());
    await forgetRecords(gateway);
    expect(await notifyAsD1()).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('without the scope', async () => {
    await gateway.query(`update clients set scopes = 'gateway:operate' where client_id = '${D1_CLIENT}'`);
    await expect.poll(() => notifyAsD1(), SOON).toEqual(unauthorized('insufficient_scope'));
    await forgetRecords(gateway);
    expect(await notifyAsD1()).toEqual(unauthorized('insufficient_scope'));
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

test('404, not 401, once the client may no longer act for the merchant gateway', async () => {
  await gateway.query(`delete from client_merchant_gateways where client_id = '${D1_CLIENT}'`);
  await expect.poll(() => notifyAsD1(), SOON).toEqual(UNKNOWN_MERCHANT);
});
