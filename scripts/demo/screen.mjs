// What happens, line by line, with a table below it: refreshed in place on a terminal, now and then elsewhere.

const SNAPSHOT_EVERY_MS = 5000;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

export class Screen {
  #startedMs = performance.now();
  #out;
  #table = '';
  #nextSnapshotMs = 0;
  #tableIsLast = false;

  constructor(out = process.stdout) {
    this.#out = out;
    // However this process ends, the cursor is there again.
    if (out.isTTY) process.once('exit', () => out.write(SHOW_CURSOR));
  }

  /** Something has happened, which the next table shows. */
  tell(text) {
    const seconds = ((performance.now() - this.#startedMs) / 1000).toFixed(1);
    if (this.#out.isTTY) this.#clear();
    else if (this.#tableIsLast) this.#out.write('\n');
    this.#out.write(`${seconds.padStart(5)} s  ${text}\n`);
    this.#tableIsLast = false;
    if (this.#out.isTTY) this.#draw(this.#table);
    this.#nextSnapshotMs = 0;
  }

  /** The table as it is now. */
  show(table) {
    if (table === this.#table) return;
    if (this.#out.isTTY) {
      this.#clear();
      this.#draw(table);
    } else if (performance.now() >= this.#nextSnapshotMs) {
      this.#draw(table);
      this.#nextSnapshotMs = performance.now() + SNAPSHOT_EVERY_MS;
    } else return;
    this.#table = table;
  }

  /** The last words, below the table. */
  end(text) {
    this.#out.write(`\n${text}\n`);
    this.#table = '';
  }

  #draw(table) {
    if (table === '') return;
    this.#out.write(`${this.#out.isTTY ? HIDE_CURSOR : ''}\n${table}\n`);
    this.#tableIsLast = true;
  }

  /** Up to the blank line above the table, and all below. */
  #clear() {
    if (this.#table !== '') this.#out.write(`\u001b[${this.#table.split('\n').length + 1}A\u001b[J`);
  }
}
