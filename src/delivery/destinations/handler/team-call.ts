import type { Outcome } from '@gateway/merchant-kit';
import { withDeadline } from '../../dispatcher/with-deadline.js';
import type { HandlerWatch } from './handler-watch.js';

/** So many calls of one handler that were given up and still have not ended, and it gets no more: each holds memory. */
const MAX_ABANDONED = 100;

/** A call of a team's code that ends in time and in an outcome, whatever the code does. */
export class TeamCall {
  /** @param what the code is, for reasons: `handler` */
  constructor(
    private readonly what: string,
    private readonly watch: HandlerWatch,
    private readonly timeoutMs: number,
  ) {}

  async make(
    name: string,
    outer: AbortSignal,
    work: (signal: AbortSignal) => Outcome | Promise<Outcome>,
  ): Promise<Outcome> {
    const abandoned = this.watch.abandonedOf(name);
    if (abandoned >= MAX_ABANDONED) {
      return again(`The ${this.what} has ${abandoned} calls that never ended`);
    }
    try {
      const outcome: unknown = await withDeadline(this.timeoutMs, (timeUp) => {
        const signal = AbortSignal.any([outer, timeUp]);
        const call = this.watch.run(name, async () => work(signal));
        return Promise.race([call, this.aborted(name, call, signal)]);
      });
      return isOutcome(outcome) ? outcome : again(`The ${this.what} returned no outcome`);
    } catch (error) {
      return again(`The ${this.what} failed: ${error instanceof Error ? error.message : typeof error}`);
    }
  }

  private aborted(name: string, call: Promise<unknown>, signal: AbortSignal): Promise<Outcome> {
    return new Promise((resolve) => {
      const onAbort = (): void => {
        this.watch.abandon(name, call);
        resolve({ kind: 'retry', reason: `The ${this.what} did not settle in time` });
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function again(reason: string): Outcome {
  return { kind: 'retry', reason };
}

function isOutcome(value: unknown): value is Outcome {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, reason, afterMs } = value as Record<string, unknown>;
  if (kind === 'delivered') return true;
  if (kind === 'refused') return typeof reason === 'string';
  const isWait = afterMs === undefined || (typeof afterMs === 'number' && afterMs >= 0 && Number.isFinite(afterMs));
  return kind === 'retry' && typeof reason === 'string' && isWait;
}
