import { TOKEN_ID } from '@gateway/d1-contract';
import { sortedSlots } from './sorted-slots.js';

/** Below 3 MB. */
const MAX_IDS = 50_000;

/** Bytes for an id: its pattern has nothing but ASCII, of which the order of bytes is that of strings. */
const SLOT = TOKEN_ID.maxLength;

/**
 * Gathers ids and gives them back sorted: written so, those that lie side by side in the index of tokens are written
 * together, and a page of it a few times in place of hundreds. It begins small, so that something is on disk soon, and
 * doubles each time.
 *
 * They wait as bytes in a buffer that is used again. As strings they lived long enough to be moved among what stays, where a
 * collection is late: an import took 20 MB more.
 */
export class SortedWindow {
  private bytes: Buffer;
  private lengths: Uint8Array;
  private count = 0;

  /** @param limit of the first window */
  constructor(limit: number) {
    this.bytes = Buffer.alloc(limit * SLOT);
    this.lengths = new Uint8Array(limit);
  }

  get isFull(): boolean {
    return this.count >= this.lengths.length;
  }

  /** @param id of a token, while it is not full */
  add(id: string): void {
    const from = this.count * SLOT;
    // What another has left behind it would count.
    this.bytes.fill(0, from, from + SLOT);
    this.lengths[this.count] = this.bytes.write(id, from, 'latin1');
    this.count += 1;
  }

  /** All there are, in parts of at most `size`; what is added before the last was taken would be lost. */
  *take(size: number): Iterable<readonly string[]> {
    const slots = sortedSlots(this.bytes, SLOT, this.count);
    for (let from = 0; from < slots.length; from += size) {
      yield Array.from(slots.subarray(from, from + size), (slot) => this.idAt(slot));
    }
    this.empty();
  }

  private idAt(slot: number): string {
    return this.bytes.toString('latin1', slot * SLOT, slot * SLOT + (this.lengths[slot] ?? 0));
  }

  private empty(): void {
    this.count = 0;
    const limit = Math.min(this.lengths.length * 2, MAX_IDS);
    if (limit === this.lengths.length) return;
    this.bytes = Buffer.alloc(limit * SLOT);
    this.lengths = new Uint8Array(limit);
  }
}
