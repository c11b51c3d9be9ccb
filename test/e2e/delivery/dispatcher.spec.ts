import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DestinationDirectory } from '../../../src/delivery/destinations/destination-directory.js';
import { Deliverer } from '../../../src/delivery/dispatcher/deliverer.js';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { Lanes } from '../../../src/delivery/dispatcher/lanes.js';
import { DeliveriesRepository } from '../../../src/delivery/repository/deliveries.repository.js';
import { answers, Receiver } from '../../support/receiver.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

let receiver: Receiver;
let merchant: DeliveryGateway;

beforeEach(async () => {
  receiver = await Receiver.start();
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }]);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await merchant.close();
  await receiver.close();
});

const repository = (): DeliveriesRepository => merchant.gateway.app.get(DeliveriesRepository);
const dispatcher = (): Dispatcher => merchant.gateway.app.get(Dispatcher);
const directory = (): DestinationDirectory => merchant.gateway.app.get(DestinationDirectory);

async function destinationId(): Promise<string> {
  const [destination] = await merchant.gateway.query<{ id: string }>('select id from destinations');
  return destination?.id ?? '';
}

/** As another instance would do it: nobody is told. */
async function setDisabled(atMs: number | null): Promise<void> {
  await merchant.gateway.query(`update destinations set disabled_at_ms = ${atMs}`);
}

/** Holds back what a method returns, until told. */
function hold(method: 'claimDue' | 'destinationsWithDue'): { called: () => number; letGo: () => void } {
  const deliveries = repository();
  const original = deliveries[method].bind(deliveries) as (...parameters: unknown[]) => Promise<never>;
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const spy = vi.spyOn(deliveries, method).mockImplementation(async (...parameters: unknown[]) => {
    const result = await original(...parameters);
    await gate;
    return result;
  });
  return { called: () => spy.mock.calls.length, letGo };
}

describe('when the breaker opens', () => {
  it('what was claimed and not tried is nobody’s again, and no error is logged', async () => {
    receiver.respond = answers(500);
    const tokens = Array.from({ length: 14 }, (_, index) => `token-${index}`);
    await merchant.accumulate(tokens.map((tokenId) => ({ tokenId, sequence: 1, dueForMs: 1 })));
    // The tenth failure comes between the claim and the try of those after it.
    const gate = hold('claimDue');
    const swept = merchant.later(0);
    await expect.poll(gate.called).toBe(1);
    const found = await merchant.gateway.app.get(Lanes).find(await destinationId());
    const failed = { outcome: { kind: 'retry', reason: 'down' } } as const;
    for (let time = 0; time < 10; time += 1) await found?.lane.run(() => Promise.resolve(failed), Date.now());
    gate.letGo();
    await swept;
    await merchant.idle();

    expect(receiver.received).toEqual([]);
    expect(await merchant.gateway.query('select id from delivery_attempts')).toEqual([]);
    expect(await merchant.states()).toEqual(tokens.map(() => 'pending'));
    expect(merchant.gateway.logLines.filter((line) => line.includes('went wrong'))).toEqual([]);
  });
});

describe('a disabled destination', () => {
  it('loses what was under way when it was disabled, too', async () => {
    let answer = (): void => undefined;
    receiver.respond = (response) => (answer = () => void response.writeHead(500).end());
    await merchant.notify();
    await expect.poll(() => receiver.received.length).toBe(1);
    const id = await destinationId();
    await repository().disableDestination(id, 'disabled', merchant.gateway.clock.nowMs());
    answer();
    await merchant.attempted(1);
    // The dispatcher has looked after this try, and remembered the destination as enabled.
    await merchant.later(0);
    directory().forget(id);

    await merchant.later(6001);
    await merchant.settled(1);

    expect(await merchant.states()).toEqual(['cancelled']);
    expect(receiver.received).toHaveLength(1);
  });

  it('that is enabled again stays so, though it is remembered as disabled', async () => {
    const id = await destinationId();
    await setDisabled(merchant.gateway.clock.nowMs());
    directory().forget(id);
    expect(await directory().find(id)).toMatchObject({ disabled: true });
    await setDisabled(null);

    await merchant.notify();
    await merchant.later(0);

    expect(await merchant.states()).toEqual(['pending']);
    directory().forget(id);
    await merchant.later(0);
    await merchant.settled(1);
    expect(await merchant.states()).toEqual(['delivered']);
    expect(await merchant.gateway.query('select disabled_at_ms from destinations')).toEqual([{ disabled_at_ms: null }]);
  });
});

it('begins no try of what it has claimed while it was being stopped, and gives it up', async () => {
  await merchant.accumulate([{ tokenId: 'token', sequence: 1, dueForMs: 1 }]);
  const gate = hold('claimDue');
  const swept = merchant.later(0);
  await expect.poll(gate.called).toBe(1);

  const deliver = vi.spyOn(merchant.gateway.app.get(Deliverer), 'deliver');
  const stopped = dispatcher().beforeApplicationShutdown();
  gate.letGo();
  await Promise.all([stopped, swept]);

  expect(deliver).not.toHaveBeenCalled();
  expect(await merchant.gateway.query('select state, attempts, lease_owner from deliveries')).toEqual([
    { state: 'pending', attempts: expect.toSatisfy((value) => Number(value) === 0), lease_owner: null },
  ]);
});

it('does not look again while it is still looking', async () => {
  const gate = hold('destinationsWithDue');
  await expect.poll(gate.called, { timeout: 3000 }).toBe(1);

  await new Promise((resolve) => setTimeout(resolve, 2500));

  expect(gate.called()).toBe(1);
  gate.letGo();
});

describe('what was made by a clock that was an hour ahead, and has been set right since', () => {
  const HOUR_MS = 3_600_000;

  async function makeAheadOfTime(attempts: number): Promise<void> {
    const { clock } = merchant.gateway;
    clock.advance(HOUR_MS);
    const made = merchant.accumulate([{ tokenId: 'token-1', sequence: 1, dueForMs: 0, attempts }]);
    clock.advance(-HOUR_MS);
    await made;
  }

  it('is tried now, and not in an hour', async () => {
    await makeAheadOfTime(0);
    await dispatcher().sweep();
    await merchant.settled(1);
    expect(receiver.received).toHaveLength(1);
  });

  it('is left to its schedule once it has been tried', async () => {
    await makeAheadOfTime(1);
    await dispatcher().sweep();
    await merchant.idle();
    expect(receiver.received).toEqual([]);
  });
});
