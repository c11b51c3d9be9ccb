import { InvalidRequest } from '../operation-errors.js';

/** The key at the end of a page, for lists that are ordered by a name. */
export function encodeTextCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** @throws InvalidRequest for what no page has given */
export function decodeTextCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const key = Buffer.from(cursor, 'base64url').toString();
  if (key.includes('\0') || encodeTextCursor(key) !== cursor) {
    throw new InvalidRequest('cursor is not one that a page has given');
  }
  return key;
}
