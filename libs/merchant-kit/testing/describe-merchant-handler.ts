import type { MerchantHandler, Outcome, TokenUpdatedEvent } from '@gateway/merchant-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handlerContext, tokenUpdatedEvent } from './event-factories.js';
import { POISON } from './poison.js';

/** A handler with what the contract needs to look at. Made anew for each test. */
export interface HandlerUnderTest {
  /** As the gateway would get it. */
  readonly handler: MerchantHandler;
  /** All that the handler has kept, such as the rows of its table. Compared by value. */
  state(): unknown;
  /** Called after the test. */
  close?(): Promise<void>;
}

/** How long a handler may take where nothing slows it down, and once it is told to end. */
const PROMPT_MS = 1000;
/** How long it may keep everything else from running. */
const BLOCKING_MS = 100;
/** How often that is measured at most: on a busy machine a call may be held up by others, but not every time. */
const MEASUREMENTS = 5;

/**
 * The contract that every handler must keep, as tests: repeats change nothing, old news does not overwrite new, an
 * aborted call ends, strange input does no harm, and the event loop stays free.
 *
 * @param name - what the tests are listed under
 * @param create - makes a handler, with nothing in its store yet, that knows `token-1` and `token-2`
 *
 * @example
 * ```ts
 * describeMerchantHandler('acme', async () => {
 *   const gateway = await startTestGateway({ merchants: [AcmeModule] });
 *   return {
 *     handler: gateway.get(AcmeHandler),
 *     state: () => gateway.query('select * from team_acme_updates order by token_id'),
 *     close: () => gateway.close(),
 *   };
 * });
 * ```
 */
export function describeMerchantHandler(name: string, create: () => Promise<HandlerUnderTest>): void {
  describe(`${name} keeps the contract of handlers`, () => {
    let subject: HandlerUnderTest;
    beforeEach(async () => {
      subject = await create();
    });
    afterEach(() => subject.close?.());

    const handle = async (event: TokenUpdatedEvent, signal?: AbortSignal): Promise<Outcome> =>
      subject.handler.handle(event, handlerContext(event, signal && { signal }));

    it('takes an event, and answers with an outcome', async () => {
      expect(await handle(tokenUpdatedEvent())).toEqual({ kind: 'delivered' });
    });

    it('is idempotent: the same event again changes nothing', async () => {
      const event = tokenUpdatedEvent({ sequence: 4 });
      await handle(event);
      const before = structuredClone(await subject.state());

      expect(await handle(event)).toEqual({ kind: 'delivered' });

      expect(await subject.state()).toEqual(before);
    });

    it('tells old from new: an older event that comes late changes nothing, and is not asked for again', async () => {
      await handle(tokenUpdatedEvent({ sequence: 2 }));
      const before = structuredClone(await subject.state());

      const { kind } = await handle(tokenUpdatedEvent({ sequence: 1 }));

      expect(kind).not.toBe('retry');
      expect(await subject.state()).toEqual(before);
    });

    it('takes a newer event after an older one', async () => {
      await handle(tokenUpdatedEvent({ sequence: 1 }));
      const before = structuredClone(await subject.state());

      expect(await handle(tokenUpdatedEvent({ sequence: 2 }))).toEqual({ kind: 'delivered' });

      expect(await subject.state()).not.toEqual(before);
    });

    it('respects the abort signal: a call that is over when it begins ends at once', async () => {
      await promptly(handle(tokenUpdatedEvent(), AbortSignal.abort()));
    });

    it('respects the abort signal: a call under way ends', async () => {
      const controller = new AbortController();
      const call = handle(tokenUpdatedEvent(), controller.signal);
      controller.abort();
      await promptly(call);
    });

    it.each(POISON)('is not harmed by %s', async (_what, parts) => {
      const { kind } = await handle(tokenUpdatedEvent(parts));
      expect(['delivered', 'retry', 'refused']).toContain(kind);

      expect(await handle(tokenUpdatedEvent({ tokenId: 'token-2' }))).toEqual({ kind: 'delivered' });
    });

    it('leaves the event loop free, from the call’s beginning to its end', async () => {
      await handle(tokenUpdatedEvent());
      let shortestMs = Infinity;

      for (let sequence = 1; sequence <= MEASUREMENTS && shortestMs >= BLOCKING_MS; sequence += 1) {
        const event = tokenUpdatedEvent({ tokenId: 'token-2', sequence });
        shortestMs = Math.min(shortestMs, await longestHoldMs(() => handle(event)));
      }

      expect(shortestMs).toBeLessThan(BLOCKING_MS);
    });
  });
}

/** The longest time in which nothing else could run, while the work went on. */
async function longestHoldMs(work: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  let ranMs = performance.now();
  const look = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - ranMs);
    ranMs = nowMs;
  };
  const timer = setInterval(look, 1);
  try {
    await work();
  } finally {
    clearInterval(timer);
    look();
  }
  return longestMs;
}

/** Settles, in whatever way, before the time is up. */
async function promptly(call: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it goes on'), PROMPT_MS);
  });
  const ended = call.then(
    () => 'it ends',
    () => 'it ends',
  );
  expect(await Promise.race([ended, timeUp])).toBe('it ends');
  clearTimeout(timer);
}
