// The token endpoint: forms behind right credentials, and credentials of every kind.
import fc from 'fast-check';
import { basic } from '../support/gateway.mjs';
import { bytesOf, exchange, headerSafe, request } from '../support/raw.mjs';

const FORM = 'application/x-www-form-urlencoded';
const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom('grant_type', 'scope', 'client_id', 'client_secret', '?grant_type', 'grant_type[]', '__proto__'),
    text,
  ),
  fc.oneof(
    fc.constantFrom('client_credentials', 'd1:notify', 'gateway:operate', 'd1:notify d1:notify', '%', '%ff', '+'),
    text,
  ),
  fc.boolean(),
);
const form = fc
  .array(parameter, { maxLength: 6 })
  .map((all) =>
    all
      .map(([name, value, isEncoded]) =>
        isEncoded
          ? `${encodeURIComponent(name.toWellFormed?.() ?? name)}=${encodeURIComponent(value.toWellFormed?.() ?? value)}`
          : `${name}=${value}`,
      )
      .join('&'),
  );

async function post({ port }, headers, body, allowed) {
  const { statuses, isSilent } = await exchange(port, request('POST', '/oauth2/token', headers, bytesOf(body)));
  if (isSilent) return 'no answer';
  return statuses.every((status) => allowed.includes(status)) ? undefined : `answered ${statuses.join()}`;
}

export const forms = {
  name: 'form',
  arbitrary: fc.record({
    body: fc.oneof({ weight: 3, arbitrary: form }, text),
    type: fc.oneof(
      { weight: 6, arbitrary: fc.constant(FORM) },
      fc.constantFrom(`${FORM}; charset=x`, 'application/json', '', ';;'),
    ),
  }),
  check: ({ body, type }, gateway) =>
    post(gateway, { authorization: basic('d1', gateway.secretOf('d1')), 'content-type': type }, body, [200, 400]),
};

const credentials = fc.oneof(
  fc.tuple(text, text).map(([id, secret]) => basic(id, secret)),
  text.map((secret) => basic('d1', secret)),
  text.map((raw) => `Basic ${raw}`),
  fc.base64String({ maxLength: 60 }).map((raw) => `Basic ${raw}`),
  fc.uint8Array({ maxLength: 40 }).map((raw) => `bAsIc  ${Buffer.from(raw).toString('base64url')}`),
  fc.tuple(text, text).map(([scheme, rest]) => `${scheme} ${rest}`),
  fc.constantFrom('Basic', 'Basic =', 'Basic Og==', 'Bearer x', 'Digest username="x"', ''),
);

export const basics = {
  name: 'basic',
  arbitrary: fc.record({ authorization: credentials.map(headerSafe) }),
  check: ({ authorization }, gateway) =>
    post(gateway, { authorization, 'content-type': FORM }, 'grant_type=client_credentials', [400, 401, 429]),
};
