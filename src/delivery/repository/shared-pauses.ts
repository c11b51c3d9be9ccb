/** A receiver that is left alone: a destination, or a handler with all its destinations. */
export interface ReceiverPause {
  readonly receiver: string;
  /** What is left of it. Durations, not points in time: the instances' clocks differ. */
  readonly durationMs: number;
}

/** Where instances look up which receivers others have found to be failing: those that missed the notice, or start later. */
export abstract class SharedPauses {
  /** A breaker has opened here. */
  abstract begin(pause: ReceiverPause): Promise<void>;

  /** Those that are not over. */
  abstract open(): Promise<readonly ReceiverPause[]>;
}

/** On SQLite there is one instance, and its own breakers know all. */
export class NoSharedPauses implements SharedPauses {
  async begin(): Promise<void> {}

  async open(): Promise<readonly ReceiverPause[]> {
    return [];
  }
}
