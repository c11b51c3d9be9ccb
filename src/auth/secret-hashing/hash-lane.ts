import { HashingBusy } from '../auth-errors.js';
import { FairLane } from './fair-lane.js';
import type { HashJob } from './hash-thread.js';

export interface HashLaneOptions {
  /** Addresses that may wait: as they take turns, one that comes anew waits for one hash of each. */
  readonly addresses: number;
  /** See `FairLane`. */
  readonly restMs?: (tookMs: number) => number;
}

/** One hash at a time, addresses in turn. */
export class HashLane {
  private readonly turns: FairLane;
  private readonly addresses: number;

  constructor(
    private readonly work: (job: HashJob) => Promise<Buffer>,
    { addresses, restMs }: HashLaneOptions,
  ) {
    this.turns = new FairLane(restMs);
    this.addresses = addresses;
  }

  /** @throws HashingBusy */
  hash(address: string, job: HashJob): Promise<Buffer> {
    return this.inTurn(address, () => this.work(job));
  }

  /**
   * @param isElsewhere asked when its turn comes
   * @returns undefined where it is to be hashed elsewhere
   * @throws HashingBusy
   */
  hashUnless(isElsewhere: () => Promise<boolean>, address: string, job: HashJob): Promise<Buffer | undefined> {
    return this.inTurn(address, async () => ((await isElsewhere()) ? undefined : this.work(job)));
  }

  /** What waits is hashed without a rest from now on. */
  hurry(): void {
    this.turns.restNoMore();
  }

  private async inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (this.turns.waitingKeys >= this.addresses) throw new HashingBusy();
    return this.turns.run(address, work);
  }
}
