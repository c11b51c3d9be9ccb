import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnsweredRequest } from '../../../src/http/answered-request.js';
import { PinoLoggerService } from '../../../src/observability/pino-logger.service.js';
import { requestLine } from '../../../src/observability/request-line.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('4111111111111111', 'a-4111-1111-1111-1111', '\u2028', '\u007f', '"', '\\', '::ffff:127.0.0.1'),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,48}$/),
);
const request: fc.Arbitrary<AnsweredRequest> = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'M-SEARCH'),
    route: fc.option(fc.constantFrom('/oauth2/token', '/a/:b', '/docs/*'), { nil: undefined }),
    status: fc.integer({ min: 100, max: 599 }),
    durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    correlationId: text,
    remoteAddress: text,
    clientId: text,
    ids: fc.record({ merchantGatewayId: text, merchantId: text, tokenId: text }, { requiredKeys: [] }),
  },
  { requiredKeys: ['method', 'route', 'status', 'durationMs', 'correlationId', 'remoteAddress'] },
);

it('is what pino would write of the same, to the letter', () => {
  let written = '';
  const logger = new PinoLoggerService({ logLevel: 'debug' }, { write: (line) => (written = line) });
  fc.assert(
    fc.property(request, fc.constantFrom('info' as const, 'debug' as const), (answered, level) => {
      const { route = null, durationMs, ids, method, status, ...more } = answered;
      const rounded = Math.round(durationMs * 1000) / 1000;
      logger.pino[level]({
        msg: 'request',
        method,
        route,
        status,
        durationMs: rounded,
        ...inOrder(more),
        ...idsOf(ids),
      });
      const line = requestLine(level, answered);
      expect(withoutTime(line)).toBe(withoutTime(written));
    }),
    { numRuns: 2000 },
  );
});

function inOrder({ correlationId, remoteAddress, clientId }: Partial<AnsweredRequest>): object {
  return { correlationId, remoteAddress, ...(clientId && { clientId }) };
}

function idsOf({ merchantGatewayId, merchantId, tokenId }: AnsweredRequest['ids'] = {}): object {
  return { merchantGatewayId, merchantId, tokenId };
}

function withoutTime(line: string): string {
  expect(line).toMatch(/,"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",/);
  return line.replace(/"time":"[^"]*"/, '');
}
