import { delivered, retry, type MerchantHandler, type Outcome } from '@gateway/merchant-kit';
import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { HandlerRegistry } from '../../../src/delivery/destinations/handler/handler-registry.js';
import { DeliveryGateway } from './delivery-gateway.js';

const DAY_MS = 86_400_000;

/** Settles when as many calls are under way as the test says, so that they share a commit. */
class Together implements MerchantHandler {
  readonly payloads: unknown[] = [];
  outcomes: Readonly<Record<string, Outcome>> = {};
  private readonly held: (() => void)[] = [];

  async handle({ data }: Parameters<MerchantHandler['handle']>[0]): Promise<Outcome> {
    this.payloads.push(data.payload);
    await new Promise<void>((resolve) => {
      this.held.push(resolve);
      if (this.held.length >= Object.keys(this.outcomes).length) for (const go of this.held.splice(0)) go();
    });
    return this.outcomes[data.tokenId] ?? delivered();
  }
}

let handler: Together;
let merchant: DeliveryGateway;

beforeEach(async () => {
  handler = new Together();
  @Injectable()
  class Handlers implements OnModuleInit {
    constructor(private readonly handlers: HandlerRegistry) {}
    onModuleInit(): void {
      this.handlers.register('together', handler);
    }
  }
  @Module({ providers: [Handlers] })
  class HandlersModule {}
  merchant = await DeliveryGateway.start([{ name: 'main', kind: 'handler', handler: 'together' }], {}, [
    HandlersModule,
  ]);
});
afterEach(() => merchant.close());

async function deliver(outcomes: Readonly<Record<string, Outcome>>, payload?: string): Promise<void> {
  handler.outcomes = outcomes;
  await merchant.accumulate(
    Object.keys(outcomes).map((tokenId) => ({ tokenId, sequence: 1, dueForMs: 1, ...(payload && { payload }) })),
  );
  await merchant.later(0);
}

const stateOf = (tokenId: string): Promise<object[]> =>
  merchant.gateway.query(`select state, last_reason from deliveries where token_id = '${tokenId}'`);

it('a reason with control characters and a wait without end are recorded, bounded', async () => {
  await deliver({ bad: retry({ reason: 'a\u0000b\n', afterSeconds: Number.MAX_VALUE / 1000 }), good: delivered() });
  await merchant.attempted(2);

  expect(await stateOf('good')).toEqual([{ state: 'delivered', last_reason: null }]);
  expect(await stateOf('bad')).toEqual([{ state: 'pending', last_reason: 'a b' }]);
  const [due] = await merchant.gateway.query<{ due: number | string }>(
    `select due_at_ms as due from deliveries where token_id = 'bad'`,
  );
  expect(Number(due?.due)).toBe(merchant.gateway.clock.nowMs() + DAY_MS);
});

it('an outcome that the database refuses keeps no other from being recorded', async () => {
  await merchant.gateway.query(
    inject('engine') === 'sqlite'
      ? `create trigger refuse before insert on delivery_attempts when new.reason = 'poison'
         begin select raise(abort, 'refused'); end`
      : `alter table delivery_attempts add constraint refuse check (reason <> 'poison')`,
  );

  await deliver({ one: delivered(), bad: retry({ reason: 'poison' }), two: delivered() });
  await merchant.settled(2);

  expect(await stateOf('one')).toEqual([{ state: 'delivered', last_reason: null }]);
  expect(await stateOf('two')).toEqual([{ state: 'delivered', last_reason: null }]);
  expect(await stateOf('bad')).toEqual([{ state: 'pending', last_reason: null }]);
});

it('a payload that cannot be read is left out of the event', async () => {
  await deliver({ one: delivered() }, '{"no');
  await merchant.settled(1);

  expect(handler.payloads).toEqual([undefined]);
});
