import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { answers, Receiver } from '../../support/receiver.js';
import { TestGateway } from '../../support/test-gateway.js';
import { DeliveryGateway, SECRET } from './delivery-gateway.js';

const HOUR_MS = 3_600_000;
const QUIET = { DELIVERY_SWEEP_SECONDS: '3600', WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' };

// SQLite is for one instance, and so for one clock.
describe.runIf(inject('engine') === 'postgres')('a lease, where the instances’ clocks differ by an hour,', () => {
  let receiver: Receiver;
  let merchant: DeliveryGateway;
  let other: TestGateway;
  /** What the merchant has not answered yet. */
  let unanswered: ServerResponse[];

  beforeEach(async () => {
    unanswered = [];
    receiver = await Receiver.start();
    receiver.respond = (response) => void unanswered.push(response);
    merchant = await DeliveryGateway.start(
      [{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }],
      QUIET,
    );
    other = await TestGateway.start({
      database: merchant.gateway.database,
      provision: { merchantGateways: [] },
      env: QUIET,
    });
  });
  afterEach(async () => {
    for (const response of unanswered) response.end();
    await other.close();
    await merchant.close();
    await receiver.close();
  });

  const leases = (): Promise<object[]> =>
    merchant.gateway.query('select delivery_id, lease_owner, lease_until_ms from delivery_leases');
  const sweep = (): Promise<void> => other.app.get(Dispatcher).sweep();

  it('is not ended by the one that is ahead', async () => {
    await merchant.notify();
    await expect.poll(() => unanswered.length).toBe(1);
    const before = await leases();
    expect(before).toHaveLength(1);

    other.clock.advance(HOUR_MS);
    await sweep();

    expect(await leases()).toEqual(before);
    unanswered.forEach((response) => response.writeHead(204).end());
    await merchant.settled(1);
    expect(receiver.sequences).toEqual([1]);
  });

  it('is ended by the one that is behind, once it has run out', async () => {
    await merchant.notify();
    await expect.poll(() => unanswered.length).toBe(1);
    await merchant.leasesRunOut();
    receiver.respond = answers(204);

    other.clock.advance(-HOUR_MS);
    // Due by its clock, too: what is at stake here is the lease.
    await merchant.gateway.query(`update deliveries set due_at_ms = ${other.clock.nowMs()}`);
    await sweep();

    await merchant.settled(1);
    expect(receiver.sequences).toEqual([1, 1]);
  });

  it('lasts as long as one of the others where it was given by the one that is behind', async () => {
    other.clock.advance(-HOUR_MS);
    await merchant.accumulate([{ tokenId: 'token', sequence: 1, dueForMs: 2 * HOUR_MS }]);
    await sweep();
    await expect.poll(() => unanswered.length).toBe(1);

    await merchant.later(0);

    unanswered.forEach((response) => response.writeHead(204).end());
    await merchant.settled(1);
    expect(receiver.sequences).toEqual([1]);
  });
});
