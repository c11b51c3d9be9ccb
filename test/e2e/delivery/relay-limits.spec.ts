import { delivered, MerchantModule, type MerchantHandler, type Outcome } from '@gateway/merchant-kit';
import { Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { DeliveriesRepository } from '../../../src/delivery/repository/deliveries.repository.js';
import { send } from '../../support/http.js';
import { answers, Receiver } from '../../support/receiver.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath, TestGateway } from '../../support/test-gateway.js';
import { SECRET } from './delivery-gateway.js';

/** A call that hangs is seen by this: no answer may take as long as the deadline. */
const DEADLINE_MS = 10_000;
const NO_SWEEP = { DELIVERY_SWEEP_SECONDS: '3600', RELAY_DEADLINE_MS: String(DEADLINE_MS) };

let handled: number;
class Acme implements MerchantHandler {
  handle(): Outcome {
    handled += 1;
    return delivered();
  }
}
@Module({
  imports: [MerchantModule.register({ team: 'acme', kit: '^1.0', handlers: { acme: Acme } })],
  providers: [Acme],
})
class AcmeModule {}

let database: TestDatabase;
let receiver: Receiver;
let gateway: TestGateway;
let started: TestGateway[];

beforeEach(async () => {
  handled = 0;
  started = [];
  database = await createTestDatabase();
  receiver = await Receiver.start();
});
afterEach(async () => {
  await Promise.all(started.map((one) => one.close()));
  await receiver.close();
  await database.drop();
});

const webhook = (more: object = {}): object => ({
  name: 'main',
  kind: 'webhook',
  url: receiver.url,
  secret: SECRET,
  ...more,
});
const handler = { name: 'vault', kind: 'handler', handler: 'acme' };

/** A gateway whose merchant is on relay. */
async function start(destinations: object[], env: Record<string, string> = {}): Promise<TestGateway> {
  const tokens = ['token-1', 'token-2'];
  const merchant = { id: MERCHANT, name: 'Shop', tokens, destinations, deliveryMode: 'relay' };
  gateway = await TestGateway.start({
    database,
    provision: {
      merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants: [merchant] }],
      clients: [
        { clientId: D1_CLIENT, clientSecret: 'shared', scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] },
      ],
    },
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', ...NO_SWEEP, ...env },
    teams: [AcmeModule],
  });
  started.push(gateway);
  return gateway;
}

async function notify(tokenId = 'token-1'): Promise<number> {
  const basic = `Basic ${Buffer.from(`${D1_CLIENT}:shared`).toString('base64')}`;
  const answer = await send(gateway.url, gateway.config.auth.tokenPath, {
    headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token } = answer.json<{ access_token: string }>();
  const headers = { authorization: `Bearer ${token}` };
  return (await send(gateway.url, notifyPath(undefined, undefined, tokenId), { headers })).status;
}

const deliveries = (): Promise<{ state: string; attempts: number | string }[]> =>
  gateway.query('select state, attempts from deliveries order by created_at_ms, sequence');

/** What a dispatcher would take up at this time. */
const due = (): Promise<object[]> =>
  gateway.query(
    `select id from deliveries
     where state = 'pending' and lease_owner is null and due_at_ms <= ${gateway.clock.nowMs()}`,
  );

/** Puts a promise between the relay and one of the database's answers. */
function hold(method: 'claimOf' | 'settle'): () => void {
  const repository = gateway.app.get(DeliveriesRepository);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const original = repository[method].bind(repository) as (...args: unknown[]) => Promise<never>;
  vi.spyOn(repository, method).mockImplementation(async (...args: unknown[]) => {
    await held;
    return original(...args);
  });
  return release;
}

describe('a relay keeps to what its destination may be given', () => {
  it('makes no try while the breaker is open, and leaves the update to be sent later', async () => {
    await start([webhook()]);
    receiver.respond = answers(500);
    for (let count = 1; count <= 10; count += 1) {
      expect(await notify()).toBe(204);
      gateway.clock.advance(1);
    }
    expect(receiver.received).toHaveLength(10);

    expect(await notify('token-2')).toBe(204);

    expect(receiver.received).toHaveLength(10);
    expect((await deliveries()).at(-1)).toMatchObject({ state: 'pending' });
    await expect.poll(due).toHaveLength(1);
  });

  it('does not wait for a place: the update goes out when there is one', async () => {
    await start([webhook()], { DELIVERY_CONCURRENCY_PER_DESTINATION: '1' });
    let answer: () => void = () => undefined;
    receiver.respond = (response) => (answer = () => response.writeHead(204).end());
    const first = notify('token-1');
    await expect.poll(() => receiver.received.length, { interval: 5, timeout: 5000 }).toBe(1);

    expect(await notify('token-2')).toBe(204);
    expect(receiver.received).toHaveLength(1);

    await expect.poll(due).toHaveLength(1);
    receiver.respond = answers(204);
    answer();
    expect(await first).toBe(204);
    await expect.poll(() => receiver.received.length, { interval: 5, timeout: 5000 }).toBe(2);
  });

  it('keeps to the rate', async () => {
    await start([webhook({ ratePerSecond: 1 })]);
    expect(await notify('token-1')).toBe(204);

    expect(await notify('token-2')).toBe(204);

    expect(receiver.received).toHaveLength(1);
    await expect.poll(due).toHaveLength(1);
    gateway.clock.advance(1001);
    await gateway.app.get(Dispatcher).sweep();
    await expect.poll(() => receiver.received.length, { interval: 5 }).toBe(2);
  });
});

// SQLite is for one instance.
describe.runIf(inject('engine') === 'postgres')('where notifications are only taken', () => {
  it('webhooks are relayed, and handlers are left to the dispatchers', async () => {
    await start([webhook(), handler], { ROLES: 'intake' });

    expect(await notify()).toBe(204);

    expect(receiver.received).toHaveLength(1);
    expect(handled).toBe(0);
    await expect.poll(due).toHaveLength(1);
  });

  it('a dispatcher has what is left at once', async () => {
    const intake = await start([handler], { ROLES: 'intake' });
    // Its clock is ahead, so that all is due for it.
    await start([handler], { ROLES: 'dispatcher' });
    gateway = intake;

    expect(await notify()).toBe(204);

    await expect.poll(() => handled, { interval: 5, timeout: 5000 }).toBe(1);
    await expect
      .poll(() => intake.query('select state from deliveries'), { interval: 5 })
      .toEqual([{ state: 'delivered' }]);
  });
});

describe('the deadline holds for all of a relay', () => {
  afterEach(() => vi.restoreAllMocks());

  it('where the database does not say what is claimed; no try is then made late', async () => {
    await start([webhook()], { RELAY_DEADLINE_MS: '1000' });
    const release = hold('claimOf');

    expect(await notify()).toBe(204);

    expect(receiver.received).toEqual([]);
    release();
    // By a dispatcher, at the first try.
    await expect.poll(deliveries, { timeout: 5000 }).toMatchObject([{ state: 'delivered' }]);
    expect(await gateway.query('select outcome from delivery_attempts')).toEqual([{ outcome: 'delivered' }]);
  });

  it('and a refusal by then is told, though another destination has not answered', async () => {
    await start([webhook(), webhook({ name: 'other' })], { RELAY_DEADLINE_MS: '2000' });
    let calls = 0;
    receiver.respond = (response) => {
      calls += 1;
      if (calls === 1) response.writeHead(410).end();
    };

    expect(await notify()).toBe(500);

    expect(receiver.received).toHaveLength(2);
  });

  it('where it does not record the try', async () => {
    await start([webhook()], { RELAY_DEADLINE_MS: '2000' });
    const release = hold('settle');

    expect(await notify()).toBe(204);

    expect(receiver.received).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ state: 'pending' }]);
    release();
    await expect.poll(deliveries, { timeout: 5000 }).toMatchObject([{ state: 'delivered' }]);
  });
});
