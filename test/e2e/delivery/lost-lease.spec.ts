import { afterEach, beforeEach, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  DeliveriesRepository,
  type ClaimedDelivery,
  type Settlement,
} from '../../../src/delivery/repository/deliveries.repository.js';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { Leases } from '../../../src/delivery/dispatcher/leases.js';
import { answers, Receiver } from '../../support/receiver.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

const OWNER = 'a dispatcher that was frozen';
const LOST = 'The process ended during this try, or could not record what came of it';

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

const leases = (): Leases => merchant.gateway.app.get(Leases);
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
  await leases().endExpired();
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
    { outcome: 'retry', reason: LOST },
    { outcome: 'delivered', reason: 'its lease had run out' },
    { outcome: 'delivered', reason: null },
  ]);
});

it('a try that takes its process along is not made over and over: each time it waits longer, and at last it is dead', async () => {
  const { clock } = merchant.gateway;
  await merchant.accumulate([{ tokenId: 'token', sequence: 1, dueForMs: 1 }]);
  await repository().destinationsWithDue(clock.nowMs());
  const waits: object[] = [];
  for (let time = 0; time < 4; time += 1) {
    await claimAt(clock.nowMs(), OWNER);
    await merchant.leasesRunOut();
    // Every instance may notice it.
    await Promise.all([leases().endExpired(), leases().endExpired()]);
    const [row] = await merchant.gateway.query<{
      state: string;
      attempts: number | string;
      due_at_ms: number | string;
    }>('select state, attempts, due_at_ms from deliveries where lease_owner is null');
    const waitMs = Number(row?.due_at_ms) - clock.nowMs();
    waits.push({
      state: row?.state,
      attempts: Number(row?.attempts),
      seconds: row?.state === 'pending' && waitMs / 1000,
    });
    clock.advance(Math.max(waitMs, 0));
  }

  const about = (seconds: number): unknown =>
    expect.toSatisfy((value: number) => value >= seconds * 0.8 && value <= seconds * 1.2);
  expect(waits).toEqual([
    { state: 'pending', attempts: 1, seconds: 0 },
    { state: 'pending', attempts: 2, seconds: about(5) },
    { state: 'pending', attempts: 3, seconds: about(30) },
    { state: 'dead', attempts: 4, seconds: false },
  ]);
  expect(await tries()).toEqual(Array.from({ length: 4 }, () => ({ outcome: 'retry', reason: LOST })));
  expect(merchant.gateway.logLines.filter((line) => line.includes('Tries were lost'))).not.toEqual([]);
});

it('a try that was lost goes behind what is due: it is not the first that the next dispatcher takes up', async () => {
  const { clock } = merchant.gateway;
  await merchant.accumulate([
    { tokenId: 'poison', sequence: 1, dueForMs: 2 },
    { tokenId: 'token', sequence: 1, dueForMs: 1 },
  ]);
  await repository().destinationsWithDue(clock.nowMs());
  expect((await claimAt(clock.nowMs(), OWNER)).tokenId).toBe('poison');
  await merchant.leasesRunOut();

  await leases().endExpired();

  expect((await claimAt(clock.nowMs(), OWNER)).tokenId).toBe('token');
  expect((await claimAt(clock.nowMs(), OWNER)).tokenId).toBe('poison');
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
