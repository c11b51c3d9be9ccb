// By hand: not every id has the variant of RFC 9562 that the uuid library insists on.
const UUID_GROUPS = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

export const CURSOR_PATTERN = /^[A-Za-z0-9_-]{22}$/;

/** The id at the end of a page, so that callers do not take it for an id. */
export function encodeCursor(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** @returns undefined for what no page has given */
export function decodeCursor(cursor: string): string | undefined {
  if (!CURSOR_PATTERN.test(cursor)) return undefined;
  const id = Buffer.from(cursor, 'base64url').toString('hex').replace(UUID_GROUPS, '$1-$2-$3-$4-$5');
  // The last character has four bits to spare.
  return encodeCursor(id) === cursor ? id : undefined;
}
