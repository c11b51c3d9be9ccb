import { LAST_ID, lowestId } from '../../database/partitions/periods.js';

/** Ids from `after` (not included) to `upTo` (included). */
export interface IdRange {
  readonly after: string;
  readonly upTo: string;
}

export { FIRST_ID, LAST_ID } from '../../database/partitions/periods.js';

/** Ids from `fromId` (included) to `beforeId` (not included). */
export interface IdsOfTime {
  readonly fromId: string;
  readonly beforeId: string;
}

/**
 * The ids of what came between two times. A call's id begins with the very time at which it was received, its deliveries'
 * with the same: so the index of the ids finds what no index of the times could, and PostgreSQL reads the partitions of that
 * time alone.
 */
export function idsBetween(fromMs: number | undefined, toMs: number | undefined): IdsOfTime {
  return { fromId: lowestId(fromMs ?? 0), beforeId: toMs === undefined ? LAST_ID : lowestId(toMs) };
}
