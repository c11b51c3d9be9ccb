// What the gateways under test know: one merchant with one webhook, D1, and an operator who reconciles.
export const MERCHANT_GATEWAY = 'MGW_000001';
export const D1 = { clientId: 'faults_d1', clientSecret: 'the-secret-of-d1-in-the-fault-suite' };
export const OPERATOR = { clientId: 'faults_operator', clientSecret: 'the-secret-of-the-operator-in-it' };
const MERCHANT = '10610027312';
const TOKENS = Array.from({ length: 500 }, (_, index) => `token-${index}`);

export const TARGETS = TOKENS.map((tokenId) => ({
  merchantGatewayId: MERCHANT_GATEWAY,
  merchantId: MERCHANT,
  tokenId,
}));

/** @param webhookUrl of the merchant; undefined: it has none */
export function provision(webhookUrl) {
  const main = { name: 'main', kind: 'webhook', url: webhookUrl, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  const destinations = webhookUrl === undefined ? [] : [main];
  const merchants = [{ id: MERCHANT, name: 'Shop', tokens: TOKENS, destinations }];
  return {
    merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }],
    clients: [
      { ...D1, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] },
      { ...OPERATOR, scopes: ['gateway:operate'], merchantGateways: [MERCHANT_GATEWAY] },
    ],
  };
}

/** @returns the value of `Authorization` */
export async function authorization(url, { clientId, clientSecret }) {
  const answer = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error(`No access token: ${answer.status}`);
  return `Bearer ${(await answer.json()).access_token}`;
}
