import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { timeOrderedId } from '../../../src/clock/time-ordered-id.js';

const NOW_MS = Date.UTC(2026, 10, 25, 12, 0, 0, 123);
const TIME_BITS = 48;

describe('an id that sorts by time', () => {
  it('is a UUID of version 7 whose first 48 bits are the time', () => {
    for (const nowMs of [0, 1, NOW_MS, NOW_MS + 0.75, 2 ** TIME_BITS - 1]) {
      const id = timeOrderedId(nowMs);
      expect(validate(id) && version(id), id).toBe(7);
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Math.trunc(nowMs));
    }
  });

  it('sorts by time as text', () => {
    const ids = [0, 1, 255, 256, NOW_MS, NOW_MS + 1].map(timeOrderedId);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('is another each time, and random in every bit but those of time, version and variant', () => {
    const ids = Array.from({ length: 5000 }, () => timeOrderedId(NOW_MS));
    expect(new Set(ids).size).toBe(ids.length);
    const bits = ids.map((id) =>
      BigInt(`0x${id.replaceAll('-', '')}`)
        .toString(2)
        .padStart(128, '0'),
    );
    const ones = Array.from({ length: 128 }, (_, bit) => bits.filter((text) => text[bit] === '1').length / ids.length);
    const isFixed = (bit: number): boolean => bit < TIME_BITS + 4 || bit === 64 || bit === 65;
    // Of 5,000 fair coins, one that is beyond 0.45 to 0.55 is seen once in 10¹².
    for (const [bit, share] of ones.entries())
      if (!isFixed(bit)) expect(Math.abs(share - 0.5), `bit ${bit}`).toBeLessThan(0.05);
  });
});
