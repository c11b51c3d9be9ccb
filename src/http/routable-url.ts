import { ACCESS_TOKEN_PATH } from '@gateway/d1-contract';
import { isNotifyUpdatePath, pathOf } from './contract-path.js';

/** Stands in for what the router could not route; no id's pattern admits it. */
const NOT_AN_ID = '%00';

/**
 * Makes every URL routable. The router answers broken percent-encoding and empty ids by itself, before any guard; here
 * they are rewritten, so that such a request takes its ordinary way and fails at the id that is off its pattern, after
 * authentication, as the contract orders.
 *
 * The token URL's path is a setting, while routes are fixed at compile time: the configured path is mapped onto the
 * route here.
 */
export function routableUrl(url: string, tokenPath: string): string {
  const path = pathOf(url);
  if (path === tokenPath) return ACCESS_TOKEN_PATH + url.slice(path.length);
  if (path.includes('%') && !isDecodable(path)) return path.replaceAll('%', '%25');
  if (path.includes('//') && isNotifyUpdatePath(path)) return path.replaceAll('//', `/${NOT_AN_ID}/`);
  return url;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
