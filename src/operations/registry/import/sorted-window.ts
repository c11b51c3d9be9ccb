/** About 5 MB. */
const MAX_IDS = 50_000;

/**
 * Gathers ids and gives them back sorted: written so, those that lie side by side in the index of tokens are written
 * together, and a page of it a few times in place of hundreds. It begins small, so that something is on disk soon, and
 * doubles each time.
 */
export class SortedWindow {
  private ids: string[] = [];

  constructor(private limit: number) {}

  get isFull(): boolean {
    return this.ids.length >= this.limit;
  }

  add(id: string): void {
    this.ids.push(id);
  }

  /** All there are, in parts of at most `size`. */
  *take(size: number): Iterable<readonly string[]> {
    const ids = this.ids.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.ids = [];
    this.limit = Math.min(this.limit * 2, MAX_IDS);
    for (let from = 0; from < ids.length; from += size) yield ids.slice(from, from + size);
  }
}
