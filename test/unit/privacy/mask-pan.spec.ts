import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPan, maskPanInJson } from '../../../src/privacy/mask-pan.js';

describe('maskPan', () => {
  // The numbers that the schemes and their acquirers publish for tests.
  it.each([
    ['Visa', '4111111111111111', '************1111'],
    ['Visa of 13 digits', '4222222222222', '*********2222'],
    ['Mastercard', '5555555555554444', '************4444'],
    ['Mastercard, 2-series', '2223003122003222', '************3222'],
    ['American Express', '378282246310005', '***********0005'],
    ['Maestro of 19 digits', '6304000000000000000', '***************0000'],
    ['with spaces', '4111 1111 1111 1111', '**** **** **** 1111'],
    ['with hyphens', '4111-1111-1111-1111', '****-****-****-1111'],
    ['in a sentence', 'card 4111111111111111 is gone', 'card ************1111 is gone'],
    ['beside another', '4111111111111111 5555555555554444', '************1111 ************4444'],
    ['behind other digits', '12 4111 1111 1111 1111', '12 **** **** **** 1111'],
    [
      'beside an id',
      '01a20631-7152-7613-a922-4d2e447a1997 4111111111111111',
      '01a20631-7152-7613-a922-4d2e447a1997 ************1111',
    ],
    [
      'where an id would stand, but for its version',
      '41111111-1111-1111-1111-111111111111',
      '********-****-1111-1111-111111111111',
    ],
    ['in a track', ';4111111111111111=2512101?', ';************1111=2512101?'],
  ])('masks %s', (_, text, masked) => {
    expect(maskPan(text)).toBe(masked);
  });

  it.each([
    ['a wrong check digit', '4111111111111112'],
    ['twelve digits', '411111111111'],
    ['twenty digits', '41111111111111111111'],
    ['a time in milliseconds', '1795400000004'],
    ['a token', '01fb32ff-5ed0-497f-8835-6af0916f29c0'],
    ['an id whose digits would pass', '01a20631-7152-7613-a922-4d2e447a1997'],
    ['the same in capitals, in a path', '/operations/deliveries/01A20631-7152-7613-A922-4D2E447A1997/replay'],
    ['an instant', '2026-11-23T14:00:00.000Z'],
  ])('leaves %s alone', (_, text) => {
    expect(maskPan(text)).toBe(text);
  });
});

/** The check digit of ISO/IEC 7812-1, here by another way than the one under test: by a table, from the left. */
function withCheckDigit(body: string): string {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const sum = [...body]
    .reverse()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? (doubled[Number(digit)] ?? 0) : Number(digit)), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
const pan = fc
  .tuple(fc.constantFrom('2', '3', '4', '5', '6'), digits(11, 17))
  .map(([first, rest]) => withCheckDigit(first + rest));
const separated = fc
  .tuple(pan, fc.constantFrom('', ' ', '-'), fc.integer({ min: 3, max: 6 }))
  .map(([number, separator, size]) => number.match(new RegExp(`.{1,${size}}`, 'g'))?.join(separator) ?? '');
/** What may stand around it: no digit, nor what could be taken for its separator. */
const around = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\d -]/g, ''));

describe('whatever stands around it', () => {
  it('a card number does not come through, and its last four digits do', () => {
    fc.assert(
      fc.property(around, separated, around, (before, number, after) => {
        const masked = maskPan(before + number + after);

        expect(masked).not.toContain(number);
        expect(masked.slice(before.length, before.length + number.length).replaceAll(/[ -]/g, '')).toBe(
          '*'.repeat(number.replaceAll(/\D/g, '').length - 4) + number.replaceAll(/\D/g, '').slice(-4),
        );
        expect(masked.startsWith(before) && masked.endsWith(after)).toBe(true);
      }),
    );
  });

  it('what is masked is masked: once more changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789 -*x'), maxLength: 60 }), (text) => {
        const masked = maskPan(text);
        expect(maskPan(masked)).toBe(masked);
        expect(masked).toHaveLength(text.length);
      }),
    );
  });

  it('JSON stays JSON, and means the same but for card numbers', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const masked = maskPanInJson(json);
        expect(() => JSON.parse(masked) as unknown).not.toThrow();
        if (!/\d(?:[ -]?\d){12}/.test(json)) expect(masked).toBe(json);
      }),
    );
  });

  it('a card number comes through JSON neither as a text, nor as a number, a key or escapes', () => {
    fc.assert(
      fc.property(pan, around, (number, text) => {
        const escapes = [...number].map((digit) => `\\u003${digit}`).join('');
        const json = `{"a":[${number},${JSON.stringify(text + number + text)}],"${number}":{"b":"${escapes}"},"c":1795400000004}`;
        const masked = maskPanInJson(json);

        const value = JSON.parse(masked) as { c: number };
        expect(JSON.stringify(value)).not.toContain(number);
        expect(masked).not.toContain(escapes);
        expect(value.c).toBe(1_795_400_000_004);
      }),
    );
  });
});

it('keeps to the letter what holds none', () => {
  const json = ' {"id": 12345678901234567890, "rate": 1.0, "e": 1E5, "s": "\\u0041\\/" } ';
  expect(maskPanInJson(json)).toBe(json);
});

it.each([
  ['digits apart by spaces', '4 1 '.repeat(16_000)],
  ['digits', '4'.repeat(64_000)],
  ['open quotes', '"\\u0031'.repeat(9000)],
])('takes no longer than its length allows: %s', (_, text) => {
  const startedMs = performance.now();
  maskPanInJson(text);
  maskPan(text);
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
