import { HashingBusy } from '../auth-errors.js';
import { FairLane } from './fair-lane.js';
import { HashThread, type HashJob } from './hash-thread.js';

export interface HashLaneOptions {
  /** See `HashThread`. */
  readonly niceness: number;
  readonly idleMs: number;
  /** Addresses that may wait: as they take turns, one that comes anew waits for one hash of each. */
  readonly addresses: number;
  /** See `FairLane`. */
  readonly restMs?: (tookMs: number) => number;
}

/** One hash at a time, in a thread of its own; addresses take turns. */
export class HashLane {
  private readonly turns: FairLane;
  private readonly thread: HashThread;
  private readonly addresses: number;

  constructor({ niceness, idleMs, addresses, restMs }: HashLaneOptions) {
    this.turns = new FairLane(restMs);
    this.thread = new HashThread(niceness, idleMs);
    this.addresses = addresses;
  }

  /** @throws HashingBusy */
  hash(address: string, job: HashJob): Promise<Buffer> {
    return this.inTurn(address, () => this.thread.hash(job));
  }

  /**
   * @param isElsewhere asked when its turn comes
   * @returns undefined where it is to be hashed elsewhere
   * @throws HashingBusy
   */
  hashUnless(isElsewhere: () => Promise<boolean>, address: string, job: HashJob): Promise<Buffer | undefined> {
    return this.inTurn(address, async () => ((await isElsewhere()) ? undefined : this.thread.hash(job)));
  }

  /** What waits is hashed without a rest from now on. */
  hurry(): void {
    this.turns.restNoMore();
  }

  stop(): Promise<void> {
    return this.thread.stop();
  }

  private async inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    if (this.turns.waitingKeys >= this.addresses) throw new HashingBusy();
    return this.turns.run(address, work);
  }
}
