// What is registered for the bench: one merchant without destinations, and its tokens.
export const MERCHANT_GATEWAY_ID = 'MGW_000001';
export const MERCHANT_ID = '10610027312';
export const CLIENT = { clientId: 'is_tbank01', clientSecret: 'bench-secret-of-the-client' };
export const BASIC = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
export const TOKENS = 10_000;

/**
 * As long as a UUID, and like most of them without a run of digits that could be a card number; the number at its end is
 * what tells one from another. `load/notify-update.lua` makes the same.
 */
export const TOKEN_PREFIX = '01fb32ff-5ed0-497f-8835-6af0';

/** @param {number} index from 1 */
export function tokenId(index) {
  return TOKEN_PREFIX + String(index).padStart(8, '0');
}

export function notifyPath(token = tokenId(1), merchantId = MERCHANT_ID) {
  return `/merchant-gateways/${MERCHANT_GATEWAY_ID}/merchants/${merchantId}/tokens/${token}/notify-update`;
}

/** A provisioning file. The tokens are filled in by SQL, whatever their number. */
export function provisionFile(merchants = [], scopes = ['d1:notify']) {
  const bench = { id: MERCHANT_ID, name: 'Bench shop', tokens: [], destinations: [] };
  return {
    merchantGateways: [{ id: MERCHANT_GATEWAY_ID, name: 'Bench PSP', merchants: [bench, ...merchants] }],
    clients: [{ ...CLIENT, scopes, merchantGateways: [MERCHANT_GATEWAY_ID] }],
  };
}
