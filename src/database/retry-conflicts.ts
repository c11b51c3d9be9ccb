import { isConflict } from './failure-class.js';

/** A deadlock or a serialization failure says: again, at once. */
const MAX_TRIES = 3;

/** Runs a PostgreSQL statement again when another transaction was in the way. */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error) || tries >= MAX_TRIES) throw error;
    }
  }
}
