/** SQLite result codes that say that the statement itself cannot succeed, now or later. */
const SQLITE_PERMANENT = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/;

/** SQLSTATE classes of the same meaning: data exception, integrity constraint violation. */
const POSTGRES_PERMANENT = /^2[23][0-9A-Z]{3}$/;

const SQLITE_BUSY = /^SQLITE_(BUSY|LOCKED)/;

/** SQLSTATE: serialization failure, deadlock detected. */
const POSTGRES_CONFLICT = new Set(['40001', '40P01']);

/**
 * Whether the same statement might succeed later. Everything is taken to be transient but what is known not to be:
 * to call a passing fault permanent loses an update, the reverse costs a retry.
 */
export function isTransient(error: unknown): boolean {
  const code = driverCode(error);
  return !SQLITE_PERMANENT.test(code) && !POSTGRES_PERMANENT.test(code);
}

/** Whether another transaction was in the way and trying again at once is worth it. */
export function isConflict(error: unknown): boolean {
  const code = driverCode(error);
  return SQLITE_BUSY.test(code) || POSTGRES_CONFLICT.has(code);
}

/** The driver's code: that of better-sqlite3, an SQLSTATE, or a system error's. */
function driverCode(error: unknown): string {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : '';
}
