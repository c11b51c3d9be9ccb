// A valid access token, with its header, claims or signature changed: none but the token itself may pass.
import fc from 'fast-check';
import { IDS } from '../support/gateway.mjs';
import { exchange, headerSafe, request } from '../support/raw.mjs';

const TARGET = `/merchant-gateways/${IDS.merchantGatewayId}/merchants/${IDS.merchantId}/tokens/${IDS.tokenId}/notify-update`;
const json = fc.jsonValue({ maxDepth: 1 });
const change = fc.record({
  part: fc.constantFrom('header', 'claims'),
  name: fc.constantFrom(
    'alg',
    'typ',
    'kid',
    'jwk',
    'jku',
    'x5u',
    'crit',
    'b64',
    'zip',
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'scope',
    'client_id',
    'jti',
    '__proto__',
  ),
  value: fc.oneof(
    fc.constantFrom(
      'none',
      'HS256',
      'ES256',
      'at+jwt',
      'd1:notify gateway:operate',
      'operator',
      9_999_999_999,
      null,
      [],
      {},
    ),
    json,
  ),
});

const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function forged(token, { changes, cut, flip, signature }) {
  const [header, claims, original] = token.split('.');
  const parts = { header: decode(header), claims: decode(claims) };
  for (const { part, name, value } of changes) parts[part] = { ...parts[part], [name]: value };
  const whole = [encode(parts.header), encode(parts.claims), signature ?? original].join('.');
  const kept = whole.slice(0, Math.max(0, whole.length - cut));
  if (flip === undefined || kept === '') return kept;
  const at = flip % kept.length;
  return `${kept.slice(0, at)}${kept[at] === 'A' ? 'B' : 'A'}${kept.slice(at + 1)}`;
}

export const jwts = {
  name: 'jwt',
  arbitrary: fc.record({
    changes: fc.array(change, { maxLength: 3 }),
    cut: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(400)),
    flip: fc.option(fc.nat(2000), { nil: undefined }),
    signature: fc.option(fc.oneof(fc.constantFrom('', '.', 'A'.repeat(86), 'MAYCAQACAQA'), fc.base64String()), {
      nil: undefined,
    }),
  }),
  async check(mutation, { port, accessTokens }) {
    const token = forged(accessTokens.d1, mutation);
    const { statuses, isSilent } = await exchange(
      port,
      request('POST', TARGET, { authorization: headerSafe(`Bearer ${token}`) }),
    );
    if (isSilent) return 'no answer';
    // 16 KB of headers is too much for a request, whatever they are.
    const allowed = isSame(token, accessTokens.d1) ? [204] : token.length > 12_000 ? [400, 401] : [401];
    return allowed.includes(statuses[0]) ? undefined : `answered ${statuses.join()} to ${token.slice(0, 300)}`;
  },
};

/** The same signed bytes and signature: the last character of base64url has bits that say nothing (ES256: four). */
function isSame(token, original) {
  const bytes = (part) => Buffer.from(part ?? '', 'base64url').toString('hex');
  const signed = (text) => text.split('.').slice(0, 2).join('.');
  return (
    signed(token) === signed(original) &&
    token.split('.').length === 3 &&
    bytes(token.split('.')[2]) === bytes(original.split('.')[2])
  );
}
