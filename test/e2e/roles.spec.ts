import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { ClientRegistrar } from '../../src/auth/clients/client-registrar.js';
import { Transactions } from '../../src/database/transactions.js';
import { Dispatcher } from '../../src/delivery/dispatcher/dispatcher.js';
import { Lanes } from '../../src/delivery/dispatcher/lanes.js';
import { answers, Receiver } from '../support/receiver.js';
import { send, type Answer } from '../support/http.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import {
  basic,
  D1_CLIENT,
  MERCHANT,
  MERCHANT_GATEWAY,
  notifyPath,
  TestGateway,
  TOKEN,
} from '../support/test-gateway.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const CLIENT = { clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] };
/** So long that nothing in these tests can have been found by looking. */
const NO_SWEEP = { DELIVERY_SWEEP_SECONDS: '3600', CLIENT_CACHE_SECONDS: '300' };

// SQLite is for one instance.
describe.runIf(inject('engine') === 'postgres')('instances that share the work', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let started: TestGateway[];

  beforeEach(async () => {
    database = await createTestDatabase();
    receiver = await Receiver.start();
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((instance) => instance.close()));
    await receiver.close();
    await database.drop();
  });

  const provision = (): object => ({
    merchantGateways: [
      {
        id: MERCHANT_GATEWAY,
        name: 'PSP',
        merchants: [
          {
            id: MERCHANT,
            name: 'Shop',
            tokens: [TOKEN, 'second'],
            destinations: [{ name: 'main', kind: 'webhook', url: receiver.url, secret: SECRET }],
          },
        ],
      },
    ],
    clients: [{ ...CLIENT, clientSecret: 'shared' }],
  });

  async function start(env: Readonly<Record<string, string>>): Promise<TestGateway> {
    const instance = await TestGateway.start({
      database,
      provision: provision(),
      env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', PUBLIC_URL: 'https://gateway.test', ...NO_SWEEP, ...env },
    });
    started.push(instance);
    return instance;
  }

  /** As `provision --apply` does. */
  async function replaceSecret({ app }: TestGateway, clientSecret: string): Promise<void> {
    const registrar = app.get(ClientRegistrar);
    await app.get(Transactions).run((manager) => registrar.put(manager, { ...CLIENT, clientSecret }));
    registrar.committed();
  }

  /** The dispatcher's clock is ahead, so that all is due for it. */
  async function startBoth(): Promise<{ intake: TestGateway; dispatcher: TestGateway }> {
    const intake = await start({ ROLES: 'intake' });
    return { intake, dispatcher: await start({ ROLES: 'dispatcher' }) };
  }

  /** How many tries an instance may begin for the destination. */
  async function mayTry(instance: TestGateway): Promise<number> {
    const [destination] = await instance.query<{ id: string }>('select id from destinations');
    const found = await instance.app.get(Lanes).find(destination?.id ?? '');
    return found?.lane.free(instance.clock.nowMs()) ?? -1;
  }

  async function accessToken({ url }: TestGateway, secret = 'shared'): Promise<Answer> {
    return send(url, '/oauth2/token', {
      headers: { authorization: basic(D1_CLIENT, secret), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
  }

  async function notify(instance: TestGateway, tokenId = TOKEN): Promise<Answer> {
    const { access_token: token } = (await accessToken(instance)).json<{ access_token: string }>();
    return send(instance.url, notifyPath(undefined, undefined, tokenId), {
      headers: { authorization: `Bearer ${token}` },
    });
  }

  it('deliver at once what another has taken', async () => {
    const { intake, dispatcher } = await startBoth();

    expect((await notify(intake)).status).toBe(204);
    await expect.poll(() => receiver.received.length, { timeout: 3000, interval: 10 }).toBe(1);

    await expect
      .poll(() => dispatcher.query('select state from deliveries'), { timeout: 3000 })
      .toEqual([{ state: 'delivered' }]);
  });

  it('leave deliveries alone where they only take notifications', async () => {
    const intake = await start({ ROLES: 'intake', DELIVERY_SWEEP_SECONDS: '1' });
    await notify(intake);
    await intake.app.get(Dispatcher).onApplicationBootstrap();
    expect(receiver.received).toEqual([]);

    const dispatcher = await start({ ROLES: 'dispatcher', DELIVERY_SWEEP_SECONDS: '1' });
    await expect.poll(() => receiver.received.length, { timeout: 5000, interval: 10 }).toBe(1);

    const settled = `select state from deliveries`;
    await expect.poll(() => dispatcher.query(settled), { timeout: 3000 }).toEqual([{ state: 'delivered' }]);
  });

  it('relay without a look at the weeks in which nothing is pending', async () => {
    const intake = await start({ ROLES: 'intake' });
    await intake.query("update merchants set delivery_mode = 'relay'");
    // The first look is at all of them.
    expect((await notify(intake)).status).toBe(204);
    expect(receiver.received).toHaveLength(1);
    const weeks = (await intake.query<{ name: string }>(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'deliveries'::regclass order by 1",
    )) as { name: string }[];
    const other = await openForInspection(database.env);
    const runner = other.createQueryRunner();
    await runner.startTransaction();
    // Whoever so much as plans with it waits.
    await runner.query(`lock table ${weeks.at(-1)?.name} in access exclusive mode`);

    const answer = await notify(intake, 'second');
    const relayed = receiver.received.length;
    await runner.rollbackTransaction();
    await other.destroy();

    expect(answer.status).toBe(204);
    expect(relayed).toBe(2);
  });

  it('tell D1 to try again where they only deliver, and serve all else', async () => {
    const dispatcher = await start({ ROLES: 'dispatcher' });

    const answer = await notify(dispatcher);

    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect((await send(dispatcher.url, '/health/ready', { method: 'GET' })).status).toBe(200);
    expect((await send(dispatcher.url, '/openapi.json', { method: 'GET' })).status).toBe(200);
    expect((await send(dispatcher.url, '/operations/deliveries', { method: 'GET' })).status).toBe(401);
    expect(await dispatcher.query('select id from notifications')).toEqual([]);
  });

  it('leave a destination alone that another has found to be failing', async () => {
    const first = await start({ DELIVERY_CONCURRENCY_PER_DESTINATION: '1', DELIVERY_RETRY_SCHEDULE_SECONDS: '600' });
    const second = await start({ ROLES: 'dispatcher' });
    // For the second one nothing is due yet: all ten failures are the first one's.
    second.clock.set(-3_600_000);
    receiver.respond = answers(500);
    for (let time = 1; time <= 10; time += 1) {
      await notify(first);
      const tries = `select count(*)::int as count from delivery_attempts`;
      await expect.poll(() => first.query(tries), { timeout: 3000, interval: 5 }).toEqual([{ count: time }]);
    }
    receiver.respond = answers(204);
    await notify(first, 'second');
    second.clock.set(3_600_000);

    await expect.poll(() => mayTry(second), { timeout: 3000, interval: 10 }).toBe(0);
    await second.app.get(Dispatcher).sweep();

    expect(await second.query('select id from deliveries where lease_owner is not null')).toEqual([]);
    expect(receiver.received).toHaveLength(10);
  });

  it('let no client in by a secret that another has replaced', async () => {
    const first = await start({});
    expect((await accessToken(first)).status).toBe(200);

    await replaceSecret(await start({}), 'changed');

    await expect.poll(async () => (await accessToken(first)).status, { timeout: 3000, interval: 50 }).toBe(401);
    expect((await accessToken(first, 'changed')).status).toBe(200);
  });

  it('hear of one another again after their connection was cut', async () => {
    const { intake } = await startBoth();
    const view = await openForInspection(database.env);
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%notices' and datname = current_database()`;
    expect(await view.query<object[]>(cut)).toHaveLength(2);
    await view.destroy();

    expect((await notify(intake)).status).toBe(204);
    await expect.poll(() => receiver.received.length, { timeout: 8000, interval: 10 }).toBe(1);
    expect((await notify(intake, 'second')).status).toBe(204);
    await expect.poll(() => receiver.received.length, { timeout: 3000, interval: 10 }).toBe(2);
  });
});
