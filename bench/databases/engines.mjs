import { PostgresEngine } from './postgres.mjs';
import { SqliteEngine } from './sqlite.mjs';

/** @param {'sqlite' | 'postgres' | 'both'} [wanted] by default both, where there is a PostgreSQL */
export async function openEngines(wanted) {
  const engines = wanted === 'postgres' ? [] : [await SqliteEngine.open()];
  if (wanted === 'sqlite') return engines;
  const postgres = await PostgresEngine.open();
  if (postgres) return [...engines, postgres];
  const missing = 'There is no PostgreSQL: neither DATABASE_URL nor server binaries';
  if (wanted !== undefined) throw new Error(missing);
  console.warn(missing);
  return engines;
}
