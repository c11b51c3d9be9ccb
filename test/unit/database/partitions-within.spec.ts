import { describe, expect, it } from 'vitest';
import { partitionsWithin } from '../../../src/database/partitions/partitions-within.js';
import { defaultPartition, partitionName, periodsFrom } from '../../../src/database/partitions/periods.js';

const [first, second, third, fourth] = periodsFrom(Date.UTC(2026, 10, 23), 4) as [Week, Week, Week, Week];
type Week = ReturnType<typeof periodsFrom>[number];

const nameOf = (week: Week): string => partitionName('notifications', week);
const BY_DEFAULT = defaultPartition('notifications');
/** The third week has none. */
const NAMES = [BY_DEFAULT, nameOf(first), nameOf(second), nameOf(fourth)];

describe('partitions in which something of a time may be', () => {
  it.each([
    ['all, where no time is given', {}, NAMES],
    ['one week, to its last millisecond', { fromMs: first.startMs, toMs: first.endMs }, [nameOf(first)]],
    [
      'two weeks, for a millisecond of each',
      { fromMs: first.endMs - 1, toMs: first.endMs + 1 },
      [first, second].map(nameOf),
    ],
    [
      'by default too, before the first week',
      { fromMs: first.startMs - 1, toMs: first.endMs },
      [BY_DEFAULT, nameOf(first)],
    ],
    [
      'by default too, in a gap',
      { fromMs: second.startMs, toMs: fourth.endMs },
      [BY_DEFAULT, nameOf(second), nameOf(fourth)],
    ],
    ['by default alone', { fromMs: third.startMs, toMs: third.endMs }, [BY_DEFAULT]],
    ['by default too, without an end', { fromMs: fourth.startMs }, [BY_DEFAULT, nameOf(fourth)]],
    ['by default too, without a beginning', { toMs: first.endMs }, [BY_DEFAULT, nameOf(first)]],
  ])('%s', (_, within, expected) => {
    expect(partitionsWithin(NAMES, within).toSorted()).toEqual(expected.toSorted());
  });
});
