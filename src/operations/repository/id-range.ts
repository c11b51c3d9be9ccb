/** Ids from `after` (not included) to `upTo` (included). */
export interface IdRange {
  readonly after: string;
  readonly upTo: string;
}

export { FIRST_ID, LAST_ID } from '../../database/partitions/periods.js';
