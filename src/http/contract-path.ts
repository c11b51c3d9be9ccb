import { ACCESS_TOKEN_PATH, NOTIFY_UPDATE_PATH, type NotifyUpdateParams } from '@gateway/d1-contract';

const notifyUpdate = (id: string): RegExp => new RegExp(`^${NOTIFY_UPDATE_PATH.replaceAll(/:\w+/g, id)}$`);
const NOTIFY_UPDATE = notifyUpdate('[^/]*');
/** The ids as they are: nothing percent-encoded, and no query. */
const PLAIN_NOTIFY_UPDATE = notifyUpdate('([^/?#%]+)');

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** Whether a path is that of "Notify token update", whatever stands in place of the ids, and be it nothing. */
export function isNotifyUpdatePath(path: string): boolean {
  return NOTIFY_UPDATE.test(path);
}

/** The ids in the target of "Notify token update", whatever they are, where it is written plainly. */
export function plainNotifyUpdateIds(target: string): NotifyUpdateParams | undefined {
  const ids = PLAIN_NOTIFY_UPDATE.exec(target);
  if (!ids) return undefined;
  const [, merchantGatewayId = '', merchantId = '', tokenId = ''] = ids;
  return { merchantGatewayId, merchantId, tokenId };
}

/** Whether a path is one of D1's two operations. */
export function isContractPath(path: string): boolean {
  return path === ACCESS_TOKEN_PATH || isNotifyUpdatePath(path);
}
