/** Ids from `after` (not included) to `upTo` (included). */
export interface IdRange {
  readonly after: string;
  readonly upTo: string;
}

/** Before every UUID, and after. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
