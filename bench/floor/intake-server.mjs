// The notify-update call with nothing around it: the path by one regular expression, the access token from a cache.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

const CALL =
  /^\/merchant-gateways\/([A-Za-z0-9_-]{10})\/merchants\/([A-Za-z0-9_-]{11})\/tokens\/([A-Za-z0-9_-]{1,48})\/notify-update$/;
const CORRELATION_ID = /^[A-Za-z0-9_-]{1,64}$/;
const ACCESS_TOKEN_TTL_MS = 900_000;

/** @param {(call: object) => void} record makes the call durable and answers it */
export function serveIntake(record) {
  const { ACCESS_TOKEN, CLIENT_ID, MERCHANT_GATEWAY_ID, PORT } = process.env;
  const callers = new Map([
    [
      `Bearer ${ACCESS_TOKEN}`,
      { clientId: CLIENT_ID, merchantGatewayId: MERCHANT_GATEWAY_ID, expiresAtMs: Date.now() + ACCESS_TOKEN_TTL_MS },
    ],
  ]);
  createServer((request, response) => {
    const status = take(request, response, callers, record);
    if (status !== undefined) response.writeHead(status).end();
  }).listen(Number(PORT), '127.0.0.1');
  process.once('SIGTERM', () => process.exit());
}

/** @returns {number | undefined} the status to answer with; undefined where the call is being recorded */
function take(request, response, callers, record) {
  const path = CALL.exec(request.url);
  if (!path) return request.url === '/ready' ? 200 : 404;
  const nowMs = Date.now();
  const caller = callers.get(request.headers.authorization);
  if (!caller || caller.expiresAtMs <= nowMs) return 401;
  const correlationId = request.headers['x-correlation-id'] ?? randomUUID();
  if (!CORRELATION_ID.test(correlationId)) return 400;
  const [, merchantGatewayId, merchantId, tokenId] = path;
  if (merchantGatewayId !== caller.merchantGatewayId) return 404;
  record({
    response,
    isUnknown: false,
    id: uuidv7(),
    merchantGatewayId,
    merchantId,
    tokenId,
    correlationId,
    clientId: caller.clientId,
    receivedAtMs: nowMs,
  });
  return undefined;
}
