import {
  delivered,
  refused,
  retry,
  type HandlerContext,
  type MerchantHandler,
  type Outcome,
  type TokenUpdatedEvent,
} from '@gateway/merchant-kit';
import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { HandlerRegistry } from '../../../src/delivery/destinations/handler/handler-registry.js';
import { Dispatcher } from '../../../src/delivery/dispatcher/dispatcher.js';
import { GatewayProcess } from '../../support/gateway-process.js';
import { send, type Answer } from '../../support/http.js';
import { createTestDatabase } from '../../support/test-database.js';
import {
  D1_CLIENT,
  MERCHANT,
  MERCHANT_GATEWAY,
  notifyPath,
  PROVISION,
  TestGateway,
  TOKEN,
} from '../../support/test-gateway.js';

type Handle = (event: TokenUpdatedEvent, context: HandlerContext) => Outcome | Promise<Outcome>;

/** A team's handler, whose behaviour a test sets. */
class Acme implements MerchantHandler {
  readonly calls: { event: TokenUpdatedEvent; context: HandlerContext }[] = [];
  behaviour: Handle = () => delivered();

  handle(event: TokenUpdatedEvent, context: HandlerContext): Outcome | Promise<Outcome> {
    this.calls.push({ event, context });
    return this.behaviour(event, context);
  }
}

let acme: Acme;
let gateway: TestGateway | undefined;

async function start(merchant: object = {}, env: Record<string, string> = {}): Promise<TestGateway> {
  acme = new Acme();
  @Injectable()
  class AcmeHandlers implements OnModuleInit {
    constructor(private readonly handlers: HandlerRegistry) {}
    onModuleInit(): void {
      this.handlers.register('acme', acme);
    }
  }
  @Module({ providers: [AcmeHandlers] })
  class AcmeModule {}
  const destinations = [{ name: 'vault', kind: 'handler', handler: 'acme' }];
  gateway = await TestGateway.start({
    provision: {
      merchantGateways: [
        {
          id: MERCHANT_GATEWAY,
          name: 'PSP',
          merchants: [{ id: MERCHANT, name: 'Shop', tokens: [TOKEN], destinations, ...merchant }],
        },
      ],
      clients: PROVISION.clients.slice(0, 1),
    },
    env: { DELIVERY_RETRY_SCHEDULE_SECONDS: '5,30', ...env },
    modules: [AcmeModule],
  });
  return gateway;
}

async function notify(): Promise<Answer> {
  if (!gateway) throw new Error('not started');
  return send(gateway.url, notifyPath(), {
    headers: { authorization: `Bearer ${await gateway.accessToken(D1_CLIENT)}` },
  });
}

const deliveries = () =>
  gateway?.query<{ state: string; last_reason: string | null }>(
    'select state, last_reason from deliveries order by sequence',
  );
const attempted = (count: number): Promise<void> =>
  expect.poll(() => gateway?.query('select id from delivery_attempts'), { interval: 5 }).toHaveLength(count);

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

describe('a handler', () => {
  it('gets the event, once, with what it needs to repeat itself safely', async () => {
    await start();

    await notify();
    await attempted(1);

    expect(acme.calls).toHaveLength(1);
    const [{ event, context } = { event: undefined, context: undefined }] = acme.calls;
    expect(event).toMatchObject({ type: 'token.updated', data: { merchantId: MERCHANT, tokenId: TOKEN, sequence: 1 } });
    expect(context).toMatchObject({ attempt: 1, deliveryId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await deliveries()).toEqual([{ state: 'delivered', last_reason: null }]);
  });

  it.each<[string, Handle, string]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
      'The handler failed: boom',
    ],
    ['rejects', () => Promise.reject(new Error('boom')), 'The handler failed: boom'],
    ['returns garbage', () => 'done' as unknown as Outcome, 'The handler returned no outcome'],
    ['returns nothing', () => undefined as unknown as Outcome, 'The handler returned no outcome'],
    ['hangs', () => new Promise(() => undefined), 'The handler did not settle in time'],
    ['asks for another try', () => retry({ reason: 'vault is sealed' }), 'vault is sealed'],
  ])('that %s is tried again', async (_what, behaviour, reason) => {
    const { clock, app } = await start({}, { HANDLER_TIMEOUT_MS: '100' });
    acme.behaviour = behaviour;

    await notify();
    await attempted(1);
    expect(await deliveries()).toEqual([{ state: 'pending', last_reason: reason }]);
    acme.behaviour = () => delivered();
    clock.advance(6001);
    await app.get(Dispatcher).sweep();
    await attempted(2);

    expect(await deliveries()).toEqual([{ state: 'delivered', last_reason: null }]);
    expect(acme.calls.map(({ context }) => context.attempt)).toEqual([1, 2]);
  });

  it('may refuse for good', async () => {
    await start();
    acme.behaviour = () => refused('unknown card');

    await notify();
    await attempted(1);

    expect(await deliveries()).toEqual([{ state: 'dead', last_reason: 'unknown card' }]);
  });

  it('that nobody provides keeps the gateway from starting, by name', async () => {
    const database = await createTestDatabase();
    const destinations = [{ name: 'vault', kind: 'handler', handler: 'nobody' }];
    const provision = {
      merchantGateways: [
        { id: MERCHANT_GATEWAY, name: 'PSP', merchants: [{ id: MERCHANT, name: 'Shop', destinations }] },
      ],
    };

    await expect(GatewayProcess.start(database, {}, provision)).rejects.toThrow(
      `Destination vault of merchant ${MERCHANT_GATEWAY}/${MERCHANT} wants the handler nobody, which no module provides`,
    );
    await database.drop();
  });
});

describe('a handler that is several destinations', () => {
  const destinations = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, kind: 'handler', handler: 'acme' }));

  it('runs so often at a time and no more, and all of them get their turn', async () => {
    await start({ destinations }, { HANDLER_CONCURRENCY: '2', DELIVERY_SWEEP_SECONDS: '3600' });
    let running = 0;
    let most = 0;
    // The first waits for a second.
    let goOn: () => void = () => undefined;
    const two = new Promise<void>((resolve) => (goOn = resolve));
    acme.behaviour = async () => {
      most = Math.max(most, (running += 1));
      if (running === 2) goOn();
      await two;
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return delivered();
    };

    for (let count = 0; count < 3; count += 1) expect((await notify()).status).toBe(204);
    await attempted(3 * destinations.length);

    expect(most).toBe(2);
    expect(await deliveries()).toEqual(
      Array.from({ length: 3 * destinations.length }, () => ({ state: 'delivered', last_reason: null })),
    );
  });

  it('is one receiver: after ten failures in a row it is left alone, whichever of them it was', async () => {
    await start({ destinations }, { HANDLER_CONCURRENCY: '1' });
    acme.behaviour = () => retry({ reason: 'the vault is sealed' });

    for (let count = 0; count < 3; count += 1) expect((await notify()).status).toBe(204);
    await attempted(10);
    await gateway?.app.get(Dispatcher).sweep();

    expect(acme.calls).toHaveLength(10);
  });
});

describe('a merchant on relay', () => {
  const relay = { deliveryMode: 'relay' };

  it('has the update before D1 is answered', async () => {
    await start(relay);

    expect((await notify()).status).toBe(204);

    expect(acme.calls).toHaveLength(1);
    expect(await deliveries()).toEqual([{ state: 'delivered', last_reason: null }]);
  });

  it('that refuses for good is told to D1', async () => {
    await start(relay);
    acme.behaviour = () => refused('closed');

    const answer = await notify();

    expect(answer.status).toBe(500);
    expect(answer.json()).toEqual({ errorCode: 'MERCHANT_ERROR', error: 'An error occurred with Merchant' });
    expect(await deliveries()).toEqual([{ state: 'dead', last_reason: 'closed' }]);
  });

  it('that fails keeps its delivery queued, and D1 gets 204', async () => {
    const { clock, app } = await start(relay);
    acme.behaviour = () => retry({ reason: 'down' });

    expect((await notify()).status).toBe(204);
    expect(await deliveries()).toEqual([{ state: 'pending', last_reason: 'down' }]);
    acme.behaviour = () => delivered();
    clock.advance(6001);
    await app.get(Dispatcher).sweep();
    await attempted(2);

    expect(await deliveries()).toEqual([{ state: 'delivered', last_reason: null }]);
  });

  it('that is too slow keeps its delivery queued, and D1 waits no longer than the deadline', async () => {
    await start(relay, { RELAY_DEADLINE_MS: '100' });
    acme.behaviour = () => new Promise(() => undefined);
    const startedMs = performance.now();

    expect((await notify()).status).toBe(204);

    expect(performance.now() - startedMs).toBeLessThan(2000);
    // D1 has its answer before that is on record.
    await attempted(1);
    expect(await deliveries()).toEqual([{ state: 'pending', last_reason: 'The handler did not settle in time' }]);
  });

  it('is not told a refusal of an earlier notification', async () => {
    await start(relay);
    acme.behaviour = ({ data }) => (data.sequence === 1 ? refused('first') : delivered());

    expect((await notify()).status).toBe(500);
    expect((await notify()).status).toBe(204);
  });
});

it('refuses two handlers of one name', async () => {
  const module = await Test.createTestingModule({ providers: [HandlerRegistry] }).compile();
  const handlers = module.get(HandlerRegistry);
  handlers.register('acme', new Acme());

  expect(() => handlers.register('acme', new Acme())).toThrow('Two handlers are called acme');
});
