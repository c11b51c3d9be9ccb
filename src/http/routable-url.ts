import { ACCESS_TOKEN_PATH } from '@gateway/d1-contract';
import { isNotifyUpdatePath, pathOf } from './contract-path.js';

/** No route: the default path, where another one is configured. */
const NOWHERE = '/';

/** Stands in for what the router could not route; no id's pattern admits it. */
const NOT_AN_ID = '%00';

/** Scheme and authority of a target in absolute form, which a server must accept (RFC 9112, section 3.2.2). */
const ORIGIN = /^https?:\/\/[^/?#]*/i;
const ENCODED = /%[\da-f]{2}/gi;
const UNRESERVED = /^[\w.~-]$/;

/**
 * Makes every URL routable, and each path known by one spelling. The router answers broken percent-encoding and empty ids by itself, before any guard; here
 * they are rewritten, so that such a request takes its ordinary way and fails at the id that is off its pattern, after
 * authentication, as the contract orders. It is done id by id, so that no other than the one at fault is named.
 *
 * The token URL's path is a setting, while routes are fixed at compile time: the configured path is mapped onto the
 * route here.
 */
export function routableUrl(rawUrl: string, tokenPath: string): string {
  // A base URL that ends in a slash, and a path behind it.
  const url = originForm(rawUrl).replace(/^\/{2,}/, '/');
  const written = pathOf(url);
  const query = url.slice(written.length);
  const path = written.includes('%') ? written.replaceAll(ENCODED, unreserved) : written;
  if (path === tokenPath) return ACCESS_TOKEN_PATH + query;
  if (path === ACCESS_TOKEN_PATH) return NOWHERE;
  if (!path.includes('%') && !path.includes('//')) return path + query;
  const decodable = path.split('/').map(decodableSegment).join('/');
  return (isNotifyUpdatePath(decodable) ? decodable.replaceAll('//', `/${NOT_AN_ID}/`) : decodable) + query;
}

function originForm(url: string): string {
  if (url.startsWith('/') || !ORIGIN.test(url)) return url;
  const rest = url.replace(ORIGIN, '');
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** What need not be encoded says the same when it is (RFC 3986, section 6.2.2.2). */
function unreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded;
}

function decodableSegment(segment: string): string {
  try {
    decodeURIComponent(segment);
    return segment;
  } catch {
    return segment.replaceAll('%', '%25');
  }
}
