/** How many standard deviations the sum of ranks is off what it would be if both kinds were one. */
export function mannWhitneyZ(one: readonly number[], other: readonly number[]): number {
  const less = one.flatMap((a) => other.map((b) => (a < b ? 1 : a === b ? 0.5 : 0)));
  const u = less.reduce<number>((sum, part) => sum + part, 0);
  const pairs = one.length * other.length;
  return (u - pairs / 2) / Math.sqrt((pairs * (one.length + other.length + 1)) / 12);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
