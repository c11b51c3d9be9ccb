/** What one round of upkeep has done. */
export interface Upkeep {
  /** Partitions made, by name. */
  readonly made: readonly string[];
  /** Partitions dropped, by name. */
  readonly dropped: readonly string[];
  /** Rows deleted one by one, in tables or partitions that are not dropped whole. */
  readonly deleted: number;
}

export interface UpkeepRound {
  readonly nowMs: number;
  /** What is older is no longer kept, once it is settled; undefined: everything is kept. */
  readonly keptFromMs: number | undefined;
  /** Aborted when the gateway is to end: the round then ends after the step that is under way. */
  readonly signal: AbortSignal;
}

/** Room for what is to come, and an end for what is old. One implementation for each engine. */
export abstract class RetentionRepository {
  /**
   * One round. A notification with a delivery that is pending stays, with all that belongs to it. Instances take turns: where
   * another is at it, nothing is done.
   */
  abstract keepUp(round: UpkeepRound): Promise<Upkeep>;
}

/** Batches of a round, of each kind; the next one goes on. */
export const MAX_BATCHES = 5000;

export const NOTHING_DONE: Upkeep = { made: [], dropped: [], deleted: 0 };
