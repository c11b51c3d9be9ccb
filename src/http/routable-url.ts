import { ACCESS_TOKEN_PATH } from '@gateway/d1-contract';
import { isNotifyUpdatePath, pathOf } from './contract-path.js';

/** No route: the default path, where another one is configured. */
const NOWHERE = '/';

/** Stands in for what the router could not route; no id's pattern admits it. */
const NOT_AN_ID = '%00';

/**
 * Makes every URL routable. The router answers broken percent-encoding and empty ids by itself, before any guard; here
 * they are rewritten, so that such a request takes its ordinary way and fails at the id that is off its pattern, after
 * authentication, as the contract orders. It is done id by id, so that no other than the one at fault is named.
 *
 * The token URL's path is a setting, while routes are fixed at compile time: the configured path is mapped onto the
 * route here.
 */
export function routableUrl(rawUrl: string, tokenPath: string): string {
  // A base URL that ends in a slash, and a path behind it.
  const url = rawUrl.replace(/^\/{2,}/, '/');
  const path = pathOf(url);
  const query = url.slice(path.length);
  if (path === tokenPath) return ACCESS_TOKEN_PATH + query;
  if (path === ACCESS_TOKEN_PATH) return NOWHERE;
  if (!path.includes('%') && !path.includes('//')) return url;
  const decodable = path.split('/').map(decodableSegment).join('/');
  return (isNotifyUpdatePath(decodable) ? decodable.replaceAll('//', `/${NOT_AN_ID}/`) : decodable) + query;
}

function decodableSegment(segment: string): string {
  try {
    decodeURIComponent(segment);
    return segment;
  } catch {
    return segment.replaceAll('%', '%25');
  }
}
