/** SQLite result codes that say that the statement itself cannot succeed, now or later. */
const SQLITE_PERMANENT = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;

/** SQLSTATE classes of the same meaning: data exception, integrity constraint violation. */
const POSTGRES_PERMANENT = /^2[23][0-9A-Z]{3}$/;

const SQLITE_BUSY = /^SQLITE_(BUSY|LOCKED)/;

/** SQLSTATE: serialization failure, deadlock detected. */
const POSTGRES_CONFLICT = new Set(['40001', '40P01']);

/**
 * Where PostgreSQL found that a row does not belong into the partition it was sent to. It is an integrity constraint violation
 * by its SQLSTATE, 23514, and no fault of the row: it was on its way to the default partition while that of its week was
 * attached. The same statement finds the new one.
 */
const WRONG_PARTITION = 'ExecPartitionCheckEmitError';

/**
 * Whether the same statement might succeed later. Everything is taken to be transient but what is known not to be:
 * to call a passing fault permanent loses an update, the reverse costs a retry.
 */
export function isTransient(error: unknown): boolean {
  const { code } = driverErrorOf(error);
  return isConflict(error) || (!SQLITE_PERMANENT.test(code) && !POSTGRES_PERMANENT.test(code));
}

/** Whether another transaction was in the way and trying again at once is worth it. */
export function isConflict(error: unknown): boolean {
  const { code, routine } = driverErrorOf(error);
  return SQLITE_BUSY.test(code) || POSTGRES_CONFLICT.has(code) || routine === WRONG_PARTITION;
}

interface DriverError {
  readonly code?: unknown;
  /** Of PostgreSQL: the function of the server that has raised it. */
  readonly routine?: unknown;
}

/** The driver's code (that of better-sqlite3, an SQLSTATE, or a system error's) and routine. */
function driverErrorOf(error: unknown): { code: string; routine: unknown } {
  const thrown = (error ?? {}) as DriverError & { driverError?: DriverError };
  const code = thrown.driverError?.code ?? thrown.code;
  return { code: typeof code === 'string' ? code : '', routine: thrown.driverError?.routine ?? thrown.routine };
}
