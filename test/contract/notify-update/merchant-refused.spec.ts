import { afterEach, describe, expect, test } from 'vitest';
import type { IncomingCall } from '../../../src/tokens/incoming-call.js';
import { NotificationRelay, type RelayOutcome } from '../../../src/tokens/relay/notification-relay.js';
import { TestGateway } from '../../support/test-gateway.js';
import { accepted, MERCHANT_ERROR, unavailable, UNKNOWN_TOKEN } from './answers.js';
import { notifyAs } from './notify.js';
import { notification, records } from './records.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

type Relay = (call: IncomingCall) => RelayOutcome | Promise<RelayOutcome>;

/** A gateway with a team's own way to pass notifications on while D1 waits. */
async function startWith(relay: Relay): Promise<void> {
  gateway = await TestGateway.start({
    customise: (builder) => builder.overrideProvider(NotificationRelay).useValue({ relay }),
  });
}

describe('a merchant on relay', () => {
  test('refuses for good: 500 MERCHANT_ERROR without its reason, and the notification is there', async () => {
    await startWith(() => ({ kind: 'refused', reason: 'card of somebody else' }));
    const notify = await notifyAs(gateway);
    expect(await notify()).toEqual(MERCHANT_ERROR);
    expect((await records(gateway)).notifications).toEqual([notification(gateway)]);
    expect(gateway.logLines.filter((line) => line.includes('card of somebody else'))).toHaveLength(1);
  });

  test('is asked after the notification is on disk, and D1 waits for it', async () => {
    const seen: unknown[] = [];
    await startWith(async () => {
      seen.push((await records(gateway)).notifications);
      return { kind: 'accepted' };
    });
    const notify = await notifyAs(gateway);
    expect(await notify()).toEqual(accepted());
    expect(seen).toEqual([[notification(gateway)]]);
  });

  test('is not asked for what is not a notification', async () => {
    const asked: IncomingCall[] = [];
    await startWith((call) => {
      asked.push(call);
      return { kind: 'refused', reason: 'any' };
    });
    const notify = await notifyAs(gateway);
    expect(await notify({ tokenId: 'unknown' })).toEqual(UNKNOWN_TOKEN);
    expect((await notify({ tokenId: 'not*' })).status).toBe(400);
    expect(asked).toEqual([]);
  });

  test('one that refuses does not spoil the calls of another', async () => {
    await startWith(({ merchantId }) =>
      merchantId === '20610027312' ? { kind: 'refused', reason: 'any' } : { kind: 'accepted' },
    );
    const [notify, notifyAsOther] = [await notifyAs(gateway), await notifyAs(gateway, 'other_bank')];
    const other = { merchantGatewayId: 'MGW_000002', merchantId: '20610027312', tokenId: 'other-token' };
    const answers = await Promise.all([notify(), notifyAsOther(other), notify()]);
    expect(answers).toEqual([accepted(), MERCHANT_ERROR, accepted()]);
  });

  test('a bug in an extension is no reason for D1 to give up: 503', async () => {
    await startWith(() => {
      throw new TypeError('x is not a function');
    });
    const notify = await notifyAs(gateway);
    expect(await notify()).toEqual(unavailable());
  });
});
