import { afterEach, beforeEach, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  DeliveriesRepository,
  type ClaimedDelivery,
  type Settlement,
} from '../../../src/delivery/repository/deliveries.repository.js';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { answers, Receiver } from '../../support/receiver.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

const OWNER = 'a dispatcher that was frozen';

let receiver: Receiver;
let merchant: DeliveryGateway;

beforeEach(async () => {
  receiver = await Receiver.start();
  receiver.respond = answers(500);
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }], {
    DELIVERY_SWEEP_SECONDS: '3600',
  });
  // Its first look is over, and claims nothing of what the tests put there.
  await merchant.gateway.app.get(Dispatcher).sweep();
});
afterEach(async () => {
  await merchant.close();
  await receiver.close();
});

const repository = (): DeliveriesRepository => merchant.gateway.app.get(DeliveriesRepository);

async function claimAt(ms: number, owner: string): Promise<ClaimedDelivery> {
  const [destination] = await merchant.gateway.query<{ id: string }>('select id from destinations');
  const claim = { owner, nowMs: ms, leaseUntilMs: ms + 20_000 };
  const [claimed] = await repository().claimDue({ id: destination?.id ?? '', coalesce: false }, 1, claim);
  if (!claimed) throw new Error('Nothing was claimed');
  return claimed;
}

function delivered(delivery: ClaimedDelivery, owner: string): Settlement {
  const { id, attempts, leaseUntilMs } = delivery;
  return {
    deliveryId: id,
    owner,
    leaseUntilMs,
    attempt: {
      id: uuidv7(),
      number: attempts + 1,
      startedAtMs: 0,
      durationMs: 1,
      outcome: 'delivered',
      statusCode: 204,
      reason: null,
    },
    next: { state: 'delivered' },
    settledAtMs: leaseUntilMs,
  };
}

const tries = (): Promise<object[]> =>
  merchant.gateway.query(`select outcome, reason from delivery_attempts order by started_at_ms desc, id`);

it.each([
  ['the same dispatcher', OWNER],
  ['another one', randomUUID()],
])('a try that ends after its lease settles nothing, and says so, where %s has claimed anew', async (_who, second) => {
  const nowMs = merchant.gateway.clock.nowMs();
  await merchant.accumulate([{ tokenId: 'token', sequence: 1, dueForMs: 1 }]);
  await repository().destinationsWithDue(nowMs);
  const late = await claimAt(nowMs, OWNER);
  await merchant.leasesRunOut();
  await repository().freeExpiredLeases(nowMs + 20_001);
  const anew = await claimAt(nowMs + 20_001, second);
  expect(anew.id).toBe(late.id);

  await repository().settle([delivered(late, OWNER)]);
  await repository().releaseUntried([late], OWNER);

  expect(await merchant.gateway.query('select state, lease_owner from deliveries')).toEqual([
    { state: 'pending', lease_owner: second },
  ]);
  await repository().settle([delivered(anew, second)]);
  expect(await merchant.states()).toEqual(['delivered']);
  expect(await tries()).toEqual([
    { outcome: 'delivered', reason: 'its lease had run out' },
    { outcome: 'delivered', reason: null },
  ]);
});

it('of one token one delivery is claimed, whoever asks at the same time', async () => {
  const nowMs = merchant.gateway.clock.nowMs();
  await merchant.accumulate([1, 2, 3].map((sequence) => ({ tokenId: 'token', sequence, dueForMs: 1 })));
  await repository().destinationsWithDue(nowMs);
  const [destination] = await merchant.gateway.query<{ id: string }>('select id from destinations');
  const due = { id: destination?.id ?? '', coalesce: false };

  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      repository().claimDue(due, 5, { owner: `dispatcher ${index}`, nowMs, leaseUntilMs: nowMs + 20_000 }),
    ),
  );

  expect(claims.flat().map(({ event }) => event.data.sequence)).toEqual([1]);
});
