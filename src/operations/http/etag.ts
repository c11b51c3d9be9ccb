import { createHash } from 'node:crypto';

/** Of a resource as it is told (RFC 9110, section 8.8.3): another content is another tag. */
export function etagOf(body: object): string {
  return `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`;
}

/** Whether a list of entity tags, or `*`, holds that of a resource; undefined where there is none. */
export function includesEtag(list: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  return list.trim() === '*' || list.split(',').some((one) => one.trim() === etag);
}
