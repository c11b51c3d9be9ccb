import { beforeEach, describe, expect, it } from 'vitest';
import { Circuit } from '../../../src/delivery/dispatcher/circuit.js';
import type { TryResult } from '../../../src/delivery/destinations/destination-sender.js';
import { TestClock } from '../../support/test-clock.js';

const OK: TryResult = { outcome: { kind: 'delivered' } };
const FAILED: TryResult = { outcome: { kind: 'retry', reason: 'down' } };

let clock: TestClock;

beforeEach(() => {
  clock = new TestClock();
});

const free = (circuit: Circuit): number => circuit.free;
const run = (circuit: Circuit, result: TryResult): Promise<TryResult | undefined> =>
  circuit.run(() => Promise.resolve(result));
const pass = (ms: number): void => clock.advance(ms);
async function fail(circuit: Circuit, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await run(circuit, FAILED);
}

describe('a circuit', () => {
  it('bounds the tries at a time', async () => {
    const circuit = new Circuit({ concurrency: 2, clock });
    let open: (result: TryResult) => void = () => undefined;
    const gate = new Promise<TryResult>((resolve) => (open = resolve));

    const tries = [circuit.run(() => gate), circuit.run(() => gate)];
    expect(free(circuit)).toBe(0);
    open(OK);
    await Promise.all(tries);

    expect(free(circuit)).toBe(2);
  });

  it('pauses a receiver that fails ten times in a row', async () => {
    const circuit = new Circuit({ concurrency: 8, clock });

    await fail(circuit, 9);
    expect(free(circuit)).toBe(8);
    await fail(circuit, 1);

    expect(free(circuit)).toBe(0);
  });

  it('makes no try that was allowed before the pause began, and does not call that a failure', async () => {
    const circuit = new Circuit({ concurrency: 16, clock });
    await fail(circuit, 10);
    let made = 0;

    const result = await circuit.run(() => Promise.resolve({ ...OK, statusCode: (made += 1) }));

    expect(result).toBeUndefined();
    expect(made).toBe(0);
  });

  it('does not count failures that a success comes between', async () => {
    const circuit = new Circuit({ concurrency: 8, clock });

    await fail(circuit, 9);
    await run(circuit, OK);
    await fail(circuit, 9);

    expect(free(circuit)).toBe(8);
  });

  it('probes with one try after the pause, and doubles the share with each success', async () => {
    const circuit = new Circuit({ concurrency: 8, clock });
    await fail(circuit, 10);

    pass(4999);
    expect(free(circuit)).toBe(0);
    pass(1);
    const shares = [free(circuit)];
    for (let time = 0; time < 4; time += 1) {
      await run(circuit, OK);
      shares.push(free(circuit));
    }

    expect(shares).toEqual([1, 2, 4, 8, 8]);
  });

  it('pauses twice as long after a probe that fails, up to five minutes', async () => {
    const circuit = new Circuit({ concurrency: 8, clock });
    await fail(circuit, 10);
    const pauses: number[] = [];

    for (let probe = 0; probe < 8; probe += 1) {
      let waitedMs = 0;
      while (free(circuit) === 0) {
        pass(1000);
        waitedMs += 1000;
      }
      pauses.push(waitedMs);
      await fail(circuit, 1);
    }

    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  it('pauses no longer, and no shorter, where somebody sets the clock', async () => {
    const circuit = new Circuit({ concurrency: 8, clock });
    await fail(circuit, 10);

    clock.set(3_600_000);
    expect(free(circuit)).toBe(0);
    clock.set(-2 * 3_600_000);
    pass(5000);

    expect(free(circuit)).toBe(1);
    expect(await run(circuit, OK)).toEqual(OK);
  });

  it('is probed with one try at a time, whatever was allowed before', async () => {
    const circuit = new Circuit({ concurrency: 8, clock });
    await fail(circuit, 10);
    pass(5000);
    let answer: (result: TryResult) => void = () => undefined;

    const probe = circuit.run(() => new Promise<TryResult>((resolve) => (answer = resolve)));

    expect(circuit.breakerState).toBe('half_open');
    expect(await run(circuit, OK)).toBeUndefined();
    answer(OK);
    await probe;
    expect(circuit.breakerState).toBe('closed');
  });

  it('learns nothing from the end of tries that had begun before the pause', async () => {
    const circuit = new Circuit({ concurrency: 16, clock });
    let answer: (result: TryResult) => void = () => undefined;
    const slow = circuit.run(() => new Promise<TryResult>((resolve) => (answer = resolve)));
    await fail(circuit, 10);

    answer(OK);
    await slow;

    expect(circuit.breakerState).toBe('open');
    pass(5000);
    expect(free(circuit)).toBe(1);
  });

  it('does not take a refusal for good for a failing receiver', async () => {
    const circuit = new Circuit({ concurrency: 8, clock });

    for (let time = 0; time < 20; time += 1)
      await run(circuit, { outcome: { kind: 'refused', reason: 'unknown card' } });

    expect(free(circuit)).toBe(8);
  });

  it('has waiting destinations looked after in the order in which they asked, each once', () => {
    const circuit = new Circuit({ concurrency: 1, clock });

    for (const id of ['b', 'a', 'b']) circuit.wait(id);

    expect([circuit.next(), circuit.next(), circuit.next()]).toEqual(['b', 'a', undefined]);
  });
});
