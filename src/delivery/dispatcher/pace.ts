import type { IntakeLoad } from '../../tokens/intake/intake-load.js';

/**
 * Beside a saturated intake in the same process, one delivery may begin for so many calls that were taken: a notification has
 * milliseconds, a delivery has time. Beginnings are counted and not what is under way: a receiver that never answers costs
 * the event loop nothing, and would hold what the others are to begin with.
 */
const CALLS_PER_DELIVERY = 20;

/** Fewer wait until they are so many: a claim costs the database nearly as much for one as for these. */
const FEWEST_AT_ONCE = 16;

/** What was not begun in time is no reason to begin many at once. */
const MOST_AT_ONCE = 64;

/** How many deliveries may begin now, for the intake's sake. */
export class Pace {
  /** Calls that have been paid for with deliveries. */
  private spentCalls = 0;

  constructor(private readonly intake: Pick<IntakeLoad, 'isSaturated' | 'calls'>) {}

  get left(): number {
    const { isSaturated, calls } = this.intake;
    if (!isSaturated) {
      this.spentCalls = calls;
      return Number.POSITIVE_INFINITY;
    }
    this.spentCalls = Math.max(this.spentCalls, calls - MOST_AT_ONCE * CALLS_PER_DELIVERY);
    const deliveries = Math.floor((calls - this.spentCalls) / CALLS_PER_DELIVERY);
    return deliveries < FEWEST_AT_ONCE ? 0 : deliveries;
  }

  begin(deliveries: number): void {
    this.spentCalls += deliveries * CALLS_PER_DELIVERY;
  }
}
