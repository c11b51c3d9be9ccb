const SECOND_MS = 1000;

/** Holds tries to so many in any second. */
export class Rate {
  private readonly startedMs: number[] = [];

  /** @param perSecond null for as many as there are */
  constructor(readonly perSecond: number | null) {}

  /** How many tries may begin now. */
  left(nowMs: number): number {
    if (this.perSecond === null) return Number.POSITIVE_INFINITY;
    while ((this.startedMs[0] ?? nowMs) <= nowMs - SECOND_MS) this.startedMs.shift();
    return Math.max(0, this.perSecond - this.startedMs.length);
  }

  begin(nowMs: number): void {
    if (this.perSecond !== null) this.startedMs.push(nowMs);
  }
}
