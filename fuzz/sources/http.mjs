// Requests made by a grammar that is nearly HTTP's, over raw sockets.
import fc from 'fast-check';
import { IDS } from '../support/gateway.mjs';
import { exchange } from '../support/raw.mjs';

const NOTIFY = `/merchant-gateways/${IDS.merchantGatewayId}/merchants/${IDS.merchantId}/tokens/${IDS.tokenId}/notify-update`;
const byte = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
});
const printable = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});

const id = fc.oneof(
  printable,
  byte,
  fc.constantFrom('%00', '%ff', '..', '%2e%2e', 'a'.repeat(300), '', '%2F', IDS.merchantId),
);
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(NOTIFY, '/oauth2/token') },
  fc.tuple(id, id, id).map(([a, b, c]) => `/merchant-gateways/${a}/merchants/${b}/tokens/${c}/notify-update`),
  fc.constantFrom(
    '/',
    '*',
    '/docs',
    '/health/live',
    '/openapi.json',
    '/registry/clients',
    '/operations/audit',
    '/.well-known/jwks.json',
    `http://x${NOTIFY}`,
  ),
  printable.map((text) => `/${text}`),
  byte,
);
const method = fc.oneof(
  { weight: 5, arbitrary: fc.constant('POST') },
  fc.constantFrom('GET', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'QUERY', 'post'),
  printable,
);
const header = fc
  .oneof(
    fc.tuple(
      fc.constantFrom(
        'Content-Length',
        'Transfer-Encoding',
        'Content-Type',
        'Authorization',
        'x-correlation-id',
        'Expect',
        'Connection',
        'Host',
        'Upgrade',
        'Cookie',
        'TE',
        'Range',
        'If-Match',
        'X-Forwarded-For',
      ),
      fc.oneof(
        fc.constantFrom(
          'chunked',
          '0',
          '5',
          '-1',
          '5, 5',
          'application/json',
          'text/csv',
          'a/b;c',
          '100-continue',
          'close',
          'keep-alive',
          'h2c',
          '@token',
          'Bearer x',
          'Basic eDp5',
        ),
        printable,
        byte,
      ),
      fc.constantFrom(': ', ':', ' : ', ':\t'),
    ),
    fc.tuple(printable, printable, fc.constant(': ')),
  )
  .map(([name, value, colon]) => `${name}${colon}${value}`);
const body = fc.oneof(
  fc.constantFrom('', '{}', '5\r\n{"a"}\r\n0\r\n\r\n', 'grant_type=client_credentials'),
  byte,
  fc.json(),
);

export const http = {
  name: 'http',
  arbitrary: fc.record({
    method,
    target,
    version: fc.oneof(
      { weight: 9, arbitrary: fc.constant('HTTP/1.1') },
      fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/1.1 ', 'ICY', ''),
    ),
    headers: fc.array(header, { maxLength: 8 }),
    eol: fc.oneof({ weight: 20, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r', '\r\n ')),
    body,
  }),
  async check({ method, target, version, headers, eol, body }, { port, accessTokens }) {
    const lines = [`${method} ${target} ${version}`, 'Host: gateway', 'Connection: close', ...headers, '', body];
    const bytes = lines.join(eol).replaceAll('@token', `Bearer ${accessTokens.d1}`);
    const { statuses } = await exchange(port, bytes, { mustAnswer: false });
    const isNotify = target === NOTIFY && method === 'POST';
    const allowed = isNotify ? [100, 204, 400, 401, 404] : [100, 200, 204, 304, 400, 401, 404, 405];
    // Elsewhere than on D1's paths a framework may speak for itself, but of the caller's faults alone.
    const wrong = statuses.find((status) => !allowed.includes(status) && (isNotify || status >= 500));
    return wrong === undefined ? undefined : `answered ${wrong}`;
  },
};
