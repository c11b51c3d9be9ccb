/** Above any slot: a word of four bytes and a slot are together one exact number, which sorts without being compared in script. */
const SLOTS = 2 ** 20;

/**
 * Texts that stand in slots of one length, filled up with zeros, by their bytes.
 *
 * @param length of a slot, a multiple of four
 * @param count of slots, at most a million
 */
export function sortedSlots(bytes: Buffer, length: number, count: number): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const slots = Uint32Array.from({ length: count }, (_, slot) => slot);
  sortFrom(0, slots);
  return slots;

  function sortFrom(offset: number, run: Uint32Array): void {
    if (run.length < 2 || offset >= length) return;
    const wordAt = (index: number): number => view.getUint32((run[index] ?? 0) * length + offset);
    // Ids of one issuer often begin alike.
    if (areAllEqual(run.length, wordAt)) {
      sortFrom(offset + 4, run);
      return;
    }
    const keys = Float64Array.from(
      { length: run.length },
      (_, index) => wordAt(index) * SLOTS + (run[index] ?? 0),
    ).sort();
    keys.forEach((key, index) => (run[index] = key % SLOTS));
    let from = 0;
    for (let to = 1; to <= run.length; to += 1) {
      if (to < run.length && wordAt(to) === wordAt(from)) continue;
      sortFrom(offset + 4, run.subarray(from, to));
      from = to;
    }
  }
}

function areAllEqual(length: number, wordAt: (index: number) => number): boolean {
  const first = wordAt(0);
  for (let index = 1; index < length; index += 1) if (wordAt(index) !== first) return false;
  return true;
}
