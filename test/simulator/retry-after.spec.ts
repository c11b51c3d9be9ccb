import { parseRetryAfter } from '@gateway/d1-simulator';
import { describe, expect, it } from 'vitest';

const NOW_MS = Date.parse('1994-11-06T08:49:00Z');

describe('Retry-After', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['no wait', '0', 0],
    ['blanks around', ' 5 ', 5_000],
    ['an HTTP date', 'Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['an HTTP date of RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['an HTTP date of asctime', 'Sun Nov  6 08:49:37 1994', 37_000],
    ['a date that has passed', 'Sun, 06 Nov 1994 08:00:00 GMT', 0],
    ['nothing', undefined, undefined],
    ['an empty header', '', undefined],
    ['a negative number', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['words', 'soon', undefined],
    ['no date after a weekday', 'Sunday', undefined],
  ])('%s', (_, header, expectedMs) => {
    expect(parseRetryAfter(header, NOW_MS)).toBe(expectedMs);
  });
});
