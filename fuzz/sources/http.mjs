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

const strange = fc.oneof(
  printable,
  byte,
  fc.constantFrom('%00', '%ff', '%', '..', '%2e%2e', 'a'.repeat(300), '', '%2F', '?', ';', IDS.merchantId),
);
/** Right as often as not, so that each of the three is the only one at fault, too. */
const id = (right) => fc.oneof(fc.constant(right), strange);
const nearlyNotify = fc
  .tuple(id(IDS.merchantGatewayId), id(IDS.merchantId), id(IDS.tokenId))
  .map(([a, b, c]) => `/merchant-gateways/${a}/merchants/${b}/tokens/${c}/notify-update`);
const contractPath = fc.oneof(fc.constantFrom(NOTIFY, '/oauth2/token'), nearlyNotify);
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(NOTIFY, '/oauth2/token') },
  { weight: 2, arbitrary: nearlyNotify },
  fc.tuple(fc.constantFrom('http://x', 'https://x:1', '//'), contractPath).map(([origin, path]) => origin + path),
  fc
    .tuple(contractPath, fc.constantFrom('?', '?a=%', '#', '/', '?access_token=x'), printable)
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '/',
    '*',
    '/docs',
    '/health/live',
    '/openapi.json',
    '/registry/clients',
    '/operations/audit',
    '/.well-known/jwks.json',
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

const NOTIFY_PATH = /^\/merchant-gateways\/[^/]*\/merchants\/[^/]*\/tokens\/[^/]*\/notify-update$/;
/** What the contract has for its two operations; 503 is left out, since nothing here overloads the gateway. */
const CONTRACT = { notify: [204, 400, 401, 404], token: [200, 400, 401, 429] };
const OF_ANOTHER_METHOD = [400, 405];
/** Elsewhere a framework may speak for itself, but of the caller's faults alone. */
const ELSEWHERE = [200, 204, 206, 302, 304, 400, 401, 403, 404, 405, 412, 413, 415, 416, 429];

function allowedTo(method, target) {
  const path = target
    .replace(/^https?:\/\/[^/]*/, '')
    .replace(/[?#][^]*$/, '')
    .replace(/^\/+/, '/');
  const operation = NOTIFY_PATH.test(path) ? 'notify' : path === '/oauth2/token' ? 'token' : undefined;
  if (operation === undefined) return ELSEWHERE;
  return method === 'POST' ? CONTRACT[operation] : OF_ANOTHER_METHOD;
}

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
    const [first, ...others] = statuses.filter((status) => status !== 100);
    if (first !== undefined && !allowedTo(method, target).includes(first)) return `answered ${first}`;
    // What stands behind a request may be another one, for whatever path.
    const wrong = others.find((status) => !ELSEWHERE.includes(status));
    return wrong === undefined ? undefined : `answered ${wrong} to what came behind`;
  },
};
