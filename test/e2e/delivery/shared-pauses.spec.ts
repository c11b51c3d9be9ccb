import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { InstanceChannel, SilentChannel } from '../../../src/database/channel/instance-channel.js';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { Lanes } from '../../../src/delivery/dispatcher/lanes.js';
import { answers, Receiver } from '../../support/receiver.js';
import { send } from '../../support/http.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath, TestGateway } from '../../support/test-gateway.js';
import { SECRET } from './delivery-gateway.js';

/** What docs/database.md promises, and a little for the way. */
const BOUND_MS = 2500;
/** As many as there are failures until a breaker opens. */
const TOKENS = Array.from({ length: 10 }, (_, index) => `t-${index}`);

// SQLite is for one instance.
describe.runIf(inject('engine') === 'postgres')('a receiver that one instance has found to be failing', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let started: TestGateway[];

  beforeEach(async () => {
    database = await createTestDatabase();
    receiver = await Receiver.start();
    receiver.respond = answers(500);
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((instance) => instance.close()));
    await receiver.close();
    await database.drop();
  });

  /** Every notice between instances gets lost. */
  async function start(): Promise<TestGateway> {
    const destinations = [{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }];
    const merchants = [{ id: MERCHANT, name: 'Shop', tokens: TOKENS, destinations }];
    const instance = await TestGateway.start({
      database,
      provision: {
        merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }],
        clients: [{ clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] }],
      },
      env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', DELIVERY_SWEEP_SECONDS: '3600' },
      customise: (builder) => builder.overrideProvider(InstanceChannel).useClass(SilentChannel),
    });
    started.push(instance);
    return instance;
  }

  async function mayTry(instance: TestGateway): Promise<number> {
    const [destination] = await instance.query<{ id: string }>('select id from destinations');
    const found = await instance.app.get(Lanes).find(destination?.id ?? '');
    return found?.lane.free(instance.clock.nowMs()) ?? -1;
  }

  /** One update of each token, all tried at once. */
  async function openBreaker(instance: TestGateway): Promise<void> {
    const authorization = `Bearer ${await instance.accessToken()}`;
    for (const tokenId of TOKENS) {
      const path = notifyPath(undefined, undefined, tokenId);
      expect((await send(instance.url, path, { headers: { authorization } })).status).toBe(204);
    }
    await expect.poll(() => mayTry(instance), { timeout: 5000, interval: 5 }).toBe(0);
    // Written down beside it.
    const pauses = 'select receiver from receiver_pauses';
    await expect.poll(() => instance.query(pauses), { timeout: 3000, interval: 5 }).toHaveLength(1);
    expect(receiver.received).toHaveLength(TOKENS.length);
  }

  it('is left alone by one that starts later, from its first look on', async () => {
    const first = await start();
    await openBreaker(first);

    const second = await start();
    // All is due there, and no time has passed.
    second.clock.set(3_600_000);
    await second.app.get(Dispatcher).sweep();

    expect(await mayTry(second)).toBe(0);
    expect(await second.query('select id from deliveries where lease_owner is not null')).toEqual([]);
    expect(receiver.received).toHaveLength(TOKENS.length);
  });

  it('is left alone within two seconds by one that has heard nothing', async () => {
    const first = await start();
    const second = await start();
    await openBreaker(first);

    await expect.poll(() => mayTry(second), { timeout: BOUND_MS, interval: 20 }).toBe(0);

    expect(receiver.received).toHaveLength(TOKENS.length);
  });

  it('is tried again by all when the pause is over', async () => {
    const first = await start();
    await openBreaker(first);
    await first.query(`update receiver_pauses set paused_until = now()`);

    const second = await start();

    expect(await mayTry(second)).toBeGreaterThan(0);
  });
});
