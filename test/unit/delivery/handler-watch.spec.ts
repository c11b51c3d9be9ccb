import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HandlerWatch } from '../../../src/delivery/destinations/handler/handler-watch.js';

const HOLD_MS = 250;

let watch: HandlerWatch;

beforeEach(() => {
  watch = new HandlerWatch();
  watch.begin();
});
afterEach(() => watch.onApplicationShutdown());

/** Really holds up the event loop: that is what is to be noticed. */
function hold(): void {
  const untilMs = performance.now() + HOLD_MS;
  while (performance.now() < untilMs);
}

const blocked = (name: string): number => watch.read().get(name)?.blocked ?? 0;

/** Runs while others do. */
async function busy(): Promise<void> {
  for (let count = 0; count < 3; count += 1) await turn();
}

it('a handler that holds up the event loop at once is named, and no other that runs', async () => {
  await Promise.all([watch.run('innocent', busy), watch.run('guilty', async () => hold())]);

  expect(blocked('guilty')).toBe(1);
  expect(blocked('innocent')).toBe(0);
});

it('one that does so later, beside others, is named when it does so again', async () => {
  const later = (): Promise<unknown> =>
    Promise.all([
      watch.run('innocent', busy),
      watch.run('guilty', async () => {
        await turn();
        hold();
      }),
    ]);

  await expect
    .poll(
      async () => {
        await later();
        return blocked('guilty');
      },
      { timeout: 10_000, interval: 100 },
    )
    .toBeGreaterThan(0);
  expect(blocked('innocent')).toBe(0);
});

it('one that was alone is not blamed for what held up the event loop beside it', async () => {
  let end: () => void = () => undefined;
  const waits = watch.run('innocent', () => new Promise<void>((resolve) => (end = resolve)));
  // Several times: it must not be blamed for the next ones, either.
  for (let time = 0; time < 3; time += 1) {
    hold();
    // Longer than from one look to the next.
    await wait(600);
  }
  end();
  await waits;

  expect(blocked('innocent')).toBe(0);
});

it('what waits for nothing is named, too, whatever comes of it', () => {
  const work = (): never => {
    hold();
    throw new Error('no such card');
  };

  expect(() => watch.runSync('mapper:acme', work)).toThrow('no such card');

  expect(blocked('mapper:acme')).toBe(1);
});

it('one that does so later, and was alone, is named when it does so again', async () => {
  const later = (): Promise<void> =>
    watch.run('guilty', async () => {
      await turn();
      hold();
    });

  await expect.poll(() => later().then(() => blocked('guilty')), { timeout: 10_000, interval: 100 }).toBeGreaterThan(0);
});
