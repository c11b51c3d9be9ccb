import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import { accessTokenOf } from './access-token.js';
import { accepted, unauthorized } from './answers.js';
import { notify, type Seen } from './notify.js';
import { forgetRecords, notification, NOTHING, records } from './records.js';

const TTL_SECONDS = 900;
const SKEW_SECONDS = 5;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await TestGateway.start({ env: { CLIENT_CACHE_SECONDS: '0', CLOCK_SKEW_SECONDS: String(SKEW_SECONDS) } });
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

const notifyWith = (accessToken: string): Promise<Seen> =>
  notify(gateway, { headers: { authorization: `Bearer ${accessToken}` } });

/** The clock stands on a whole second, so that "a millisecond before" means what it says. */
function toWholeSecond(): void {
  gateway.clock.advance(1000 - (gateway.clock.nowMs() % 1000));
}

describe('an access token expires', () => {
  test.each([
    ['one that was used before', true],
    ['one that is used for the first time', false],
  ])('%s: good up to the skew that is allowed, 401 from then on', async (_, usedBefore) => {
    toWholeSecond();
    const accessToken = await gateway.accessToken();
    const unused = await gateway.accessToken();
    if (usedBefore) expect(await notifyWith(accessToken)).toEqual(accepted());
    gateway.clock.advance((TTL_SECONDS + SKEW_SECONDS) * 1000 - 1);
    expect(await notifyWith(accessToken)).toEqual(accepted());
    await forgetRecords(gateway);
    gateway.clock.advance(1);
    expect(await notifyWith(accessToken)).toEqual(unauthorized());
    expect(await notifyWith(unused)).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('long ago, with everything else right', async () => {
    const nowSeconds = Math.floor(gateway.clock.nowMs() / 1000);
    const accessToken = await accessTokenOf(gateway, { claims: { iat: nowSeconds - 7200, exp: nowSeconds - 3600 } });
    expect(await notifyWith(accessToken)).toEqual(unauthorized());
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

test('an access token that is not valid yet is refused, and good once it is', async () => {
  toWholeSecond();
  const nowSeconds = gateway.clock.nowMs() / 1000;
  const accessToken = await accessTokenOf(gateway, { claims: { nbf: nowSeconds + SKEW_SECONDS + 1 } });
  expect(await notifyWith(accessToken)).toEqual(unauthorized());
  expect(await records(gateway)).toEqual(NOTHING);
  gateway.clock.advance(1000);
  expect(await notifyWith(accessToken)).toEqual(accepted());
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
});
