import { ACCESS_TOKEN_PATH, NOTIFY_UPDATE_PATH } from '@gateway/d1-contract';

const NOTIFY_UPDATE = new RegExp(`^${NOTIFY_UPDATE_PATH.replaceAll(/:\w+/g, '[^/]*')}$`);

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** Whether a path is that of "Notify token update", whatever stands in place of the ids, and be it nothing. */
export function isNotifyUpdatePath(path: string): boolean {
  return NOTIFY_UPDATE.test(path);
}

/** Whether a path is one of D1's two operations. */
export function isContractPath(path: string): boolean {
  return path === ACCESS_TOKEN_PATH || isNotifyUpdatePath(path);
}
