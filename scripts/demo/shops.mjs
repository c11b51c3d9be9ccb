// The two merchants of the demo, and the provisioning file that registers them.
import { randomBytes } from 'node:crypto';
import { SampleMerchant } from '../../dist/libs/sample-merchant/src/index.js';

export const MERCHANT_GATEWAY_ID = 'MGW_000001';
const TOKENS_PER_SHOP = 10;

export const D1 = { clientId: 'is_tbank01', clientSecret: randomBytes(24).toString('base64url') };
export const OPERATOR = { clientId: 'operator', clientSecret: randomBytes(24).toString('base64url') };

/** A merchant with its receiver. */
export async function openShop(merchantId, name, behaviour) {
  const tokens = Array.from({ length: TOKENS_PER_SHOP }, (_, index) => `card-${index + 1}`);
  return { merchantId, name, tokens, receiver: await SampleMerchant.start({ behaviour }) };
}

/** The tokens of all shops, one shop after the other in turn. */
export function targetsOf(shops) {
  return shops[0].tokens.flatMap((_, index) =>
    shops.map(({ merchantId, tokens }) => ({
      merchantGatewayId: MERCHANT_GATEWAY_ID,
      merchantId,
      tokenId: tokens[index],
    })),
  );
}

/** What PROVISION_FILE says. */
export function provisioningOf(shops) {
  const merchantGateways = [MERCHANT_GATEWAY_ID];
  return {
    merchantGateways: [{ id: MERCHANT_GATEWAY_ID, name: 'Demo PSP', merchants: shops.map(merchantOf) }],
    clients: [
      { ...D1, scopes: ['d1:notify'], merchantGateways },
      { ...OPERATOR, scopes: ['gateway:operate'], merchantGateways },
    ],
  };
}

function merchantOf({ merchantId, name, tokens, receiver: { url, secret } }) {
  return { id: merchantId, name, tokens, destinations: [{ name: 'main', kind: 'webhook', url, secret }] };
}
