import {
  delivered,
  MerchantModule,
  type DestinationKind,
  type HandlerContext,
  type MerchantHandler,
  type Outcome,
} from '@gateway/merchant-kit';
import { startTestGateway, type TestGateway } from '@gateway/merchant-kit/testing';
import { Module } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { HandlerWatch, type HandlerNotes } from '../../../src/delivery/destinations/handler/handler-watch.js';

const BLOCK_MS = 500;

class Good implements MerchantHandler {
  handle(): Outcome {
    return delivered();
  }
}
class ThrowsSync implements MerchantHandler {
  handle(): Outcome {
    throw new Error('thrown at once');
  }
}
class ThrowsAsync implements MerchantHandler {
  async handle(): Promise<Outcome> {
    await wait(1);
    throw new Error('thrown later');
  }
}
class NeverReturns implements MerchantHandler {
  handle(): Promise<Outcome> {
    return new Promise(() => undefined);
  }
}
class IgnoresAbort implements MerchantHandler {
  async handle(_event: unknown, { signal }: HandlerContext): Promise<Outcome> {
    while (!signal.aborted) await wait(5);
    await wait(50);
    return delivered();
  }
}
class ReturnsNonsense implements MerchantHandler {
  handle(): Outcome {
    return { kind: 'done', ok: true } as unknown as Outcome;
  }
}
class Blocks implements MerchantHandler {
  async handle(): Promise<Outcome> {
    await wait(1);
    const untilMs = performance.now() + BLOCK_MS;
    while (performance.now() < untilMs);
    return delivered();
  }
}

const HANDLERS = {
  good: Good,
  'throws-sync': ThrowsSync,
  'throws-async': ThrowsAsync,
  'never-returns': NeverReturns,
  'ignores-abort': IgnoresAbort,
  'returns-nonsense': ReturnsNonsense,
  blocks: Blocks,
};

let gateway: TestGateway;
afterEach(() => gateway.close());

async function start(...names: (keyof typeof HANDLERS)[]): Promise<void> {
  const handlers = Object.fromEntries(names.map((name) => [name, HANDLERS[name]]));
  @Module({
    imports: [MerchantModule.register({ team: 'trouble', kit: '^1.0', handlers })],
    providers: Object.values(handlers),
  })
  class TroubleModule {}
  gateway = await startTestGateway({
    merchants: [TroubleModule],
    env: { HANDLER_TIMEOUT_MS: '150', DELIVERY_RETRY_SCHEDULE_SECONDS: '5,30' },
  });
}

const notes = (name: string): HandlerNotes | undefined => gateway.get(HandlerWatch).read().get(name);

/** What became of the deliveries of each destination. */
function byDestination(): Promise<{ name: string; state: string; reason: string | null }[]> {
  return gateway.query(
    `select t.name, d.state, d.last_reason as reason from deliveries d join destinations t on t.id = d.destination_id
     order by t.name, d.sequence`,
  );
}

it('what goes wrong in a handler is an outcome of its own delivery, and no other’s', async () => {
  await start('good', 'throws-sync', 'throws-async', 'never-returns', 'ignores-abort', 'returns-nonsense');

  expect(await gateway.notify('token-1')).toBe(204);
  await gateway.tried(6);

  const timedOut = 'The handler did not settle in time';
  expect(await byDestination()).toEqual([
    { name: 'good', state: 'delivered', reason: null },
    { name: 'ignores-abort', state: 'pending', reason: timedOut },
    { name: 'never-returns', state: 'pending', reason: timedOut },
    { name: 'returns-nonsense', state: 'pending', reason: 'The handler returned no outcome' },
    { name: 'throws-async', state: 'pending', reason: 'The handler failed: thrown later' },
    { name: 'throws-sync', state: 'pending', reason: 'The handler failed: thrown at once' },
  ]);
  expect(notes('never-returns')).toMatchObject({ timedOut: 1, abandoned: 1 });
  // It has ended, late as it was; the other never will.
  await expect.poll(() => notes('ignores-abort')).toMatchObject({ timedOut: 1, abandoned: 0 });
});

it('a handler that fails again and again is paused, and the others’ updates arrive', async () => {
  await start('good', 'throws-sync');

  for (let count = 0; count < 14; count += 1) await gateway.notify(`token-${(count % 3) + 1}`);
  await gateway.settled(14);

  const rows = await byDestination();
  expect(rows.filter(({ name, state }) => name === 'good' && state === 'delivered')).toHaveLength(14);
  const tries = await gateway.query<{ count: number | string }>(
    `select sum(attempts) as count from deliveries d join destinations t on t.id = d.destination_id
     where t.name = 'throws-sync'`,
  );
  // Ten failures pause it; those of the other two tokens may have been under way.
  expect(Number(tries[0]?.count)).toBeLessThanOrEqual(12);
});

it('a kind of destination and a handler of one name have nothing in common', async () => {
  class Hangs implements DestinationKind {
    send(): Promise<Outcome> {
      return new Promise(() => undefined);
    }
  }
  @Module({
    imports: [
      MerchantModule.register({
        team: 'trouble',
        kit: '^1.0',
        handlers: { bus: Good },
        destinationKinds: { bus: Hangs },
      }),
    ],
    providers: [Good, Hangs],
  })
  class TroubleModule {}
  gateway = await startTestGateway({
    merchants: [TroubleModule],
    destinations: [
      { name: 'a-handler', kind: 'handler', handler: 'bus' },
      { name: 'a-kind', kind: 'bus' },
    ],
    env: { HANDLER_TIMEOUT_MS: '150' },
  });

  expect(await gateway.notify('token-1')).toBe(204);
  await gateway.tried(2);

  expect(notes('kind:bus')).toMatchObject({ timedOut: 1, abandoned: 1 });
  expect(notes('bus')).toBeUndefined();
});

it('a handler that holds up the event loop is named, and D1 has its answers all the same', async () => {
  await start('good', 'blocks');

  expect(await gateway.notify('token-2')).toBe(204);

  // The first hold-up has it timed from then on, and it is accused of one that it was alone in.
  const blockedAgain = async (): Promise<number> => {
    expect(await gateway.notify('token-1')).toBe(204);
    return notes('blocks')?.blocked ?? 0;
  };
  await expect.poll(blockedAgain, { timeout: 15_000, interval: 200 }).toBeGreaterThan(0);
  await gateway.later(10);
  const good = async (): Promise<string[]> =>
    (await byDestination()).flatMap(({ name, state }) => (name === 'good' ? [state] : []));
  await expect.poll(async () => new Set(await good())).toEqual(new Set(['delivered']));
});
