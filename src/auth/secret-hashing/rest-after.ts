/** So many times as long as the hash took: on a core of its own a twenty-fifth of the time. */
const REST_TO_WORK = 24;
/** A thread that yields may take long for its hash, and who is right waits, too. */
const MAX_REST_MS = 4000;

/** How long no secret of those over the limit is hashed, after one that took so long. */
export const restAfterMs = (tookMs: number): number => Math.min(REST_TO_WORK * tookMs, MAX_REST_MS);
