import type { Topic } from './instance-channel.js';

/** So many items of 36 characters and some stay below the 8,000 bytes that PostgreSQL takes for a notice. */
const MAX_ITEMS = 150;

/** A notice as it goes through the database. */
export interface Notice {
  readonly from: string;
  readonly topic: Topic;
  readonly items: readonly string[];
}

/** What is still to be told: of each topic one notice, in which too many items become "look yourself". */
export class Outbox {
  private readonly waiting = new Map<Topic, Set<string> | 'all'>();

  constructor(private readonly from: string) {}

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  add(topic: Topic, items: readonly string[]): void {
    const known = this.waiting.get(topic);
    if (known === 'all') return;
    const all = new Set([...(known ?? []), ...items]);
    this.waiting.set(topic, items.length === 0 || all.size > MAX_ITEMS ? 'all' : all);
  }

  /** What is waiting, as payloads. */
  take(): string[] {
    const payloads = [...this.waiting].map(([topic, items]) => {
      const notice: Notice = { from: this.from, topic, items: items === 'all' ? [] : [...items] };
      return JSON.stringify(notice);
    });
    this.waiting.clear();
    return payloads;
  }
}
