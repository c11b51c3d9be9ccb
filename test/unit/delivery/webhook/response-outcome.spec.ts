import { describe, expect, it } from 'vitest';
import { responseOutcome } from '../../../../src/delivery/destinations/webhook/response-outcome.js';

const NOW_MS = Date.parse('2026-11-20T10:00:00.000Z');
const DAY_MS = 86_400_000;

const outcomeOf = (statusCode: number, retryAfter?: string): unknown =>
  responseOutcome({ statusCode, retryAfter }, NOW_MS);

describe('the outcome of an answer', () => {
  it.each([200, 201, 202, 204, 206, 299])('%d: delivered', (statusCode) => {
    expect(outcomeOf(statusCode, '60')).toEqual({ outcome: { kind: 'delivered' }, statusCode });
  });

  it('410: refused for good, and the destination wants no more', () => {
    expect(outcomeOf(410, '60')).toEqual({
      outcome: { kind: 'refused', reason: 'answered 410: wants no more webhooks' },
      statusCode: 410,
      disableDestination: true,
    });
  });

  it.each([300, 301, 302, 303, 304, 307, 308])('%d: retry, the redirect is not followed', (statusCode) => {
    expect(outcomeOf(statusCode, '60')).toEqual({
      outcome: { kind: 'retry', reason: `answered ${statusCode}: redirects are not followed` },
      statusCode,
    });
  });

  it.each([400, 401, 403, 404, 408, 413, 418, 500, 502, 504, 599, 999])('%d: retry by the schedule', (statusCode) => {
    expect(outcomeOf(statusCode, '60')).toEqual({
      outcome: { kind: 'retry', reason: `answered ${statusCode}` },
      statusCode,
    });
  });
});

describe.each([429, 503])('Retry-After of %d', (statusCode) => {
  it.each([
    ['1', 1000],
    ['60', 60_000],
    [' 60 ', 60_000],
    ['007', 7000],
    ['0', 1000],
    ['86400', DAY_MS],
    ['86401', DAY_MS],
    ['9'.repeat(400), DAY_MS],
    ['Fri, 20 Nov 2026 10:01:00 GMT', 60_000],
    ['Friday, 20-Nov-26 10:01:00 GMT', 60_000],
    ['Wednesday, 25-Nov-26 10:01:00 GMT', DAY_MS],
    ['Fri Nov 20 10:01:00 2026', 60_000],
    ['Sun Nov  1 10:01:00 2026', 1000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 1000],
    ['Fri, 20 Nov 2026 10:00:00 GMT', 1000],
    ['Fri, 20 Nov 2099 10:00:00 GMT', DAY_MS],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1000],
  ])('%j is a wait', (retryAfter, afterMs) => {
    expect(outcomeOf(statusCode, retryAfter)).toEqual({
      outcome: { kind: 'retry', reason: `answered ${statusCode}`, afterMs },
      statusCode,
    });
  });

  it.each([
    undefined,
    '',
    '-5',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '60, 60',
    'soon',
    '2026-11-20T10:01:00Z',
    'Fri, 20 Nov 2026 10:01:00 +0200',
    'Fri, 20 Nov 2026 10:01:00',
    'Fri, 99 Nov 2026 10:01:00 GMT',
    'Fri, 20 Foo 2026 10:01:00 GMT',
  ])('%j is ignored', (retryAfter) => {
    expect(outcomeOf(statusCode, retryAfter)).toEqual({
      outcome: { kind: 'retry', reason: `answered ${statusCode}` },
      statusCode,
    });
  });
});
