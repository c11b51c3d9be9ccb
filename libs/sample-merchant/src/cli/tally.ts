import type { ReceivedWebhook, RefusedRequest } from '../received.js';

/** What came in, in numbers. */
export interface Summary {
  readonly webhooks: number;
  /** Different `webhook-id`s among them. */
  readonly different: number;
  readonly duplicates: number;
  readonly outOfOrder: number;
  /** Answers to webhooks by status; `none` where there was no answer. */
  readonly answers: Readonly<Record<string, number>>;
  /** Requests that were no webhooks, by why. */
  readonly refused: Readonly<Record<string, number>>;
}

export class Tally {
  private webhooks = 0;
  private duplicates = 0;
  private outOfOrder = 0;
  private readonly answers: Record<string, number> = {};
  private readonly refused: Record<string, number> = {};

  countWebhook({ answer, duplicate, outOfOrder }: ReceivedWebhook): void {
    this.webhooks += 1;
    if (duplicate) this.duplicates += 1;
    if (outOfOrder) this.outOfOrder += 1;
    count(this.answers, String(answer ?? 'none'));
  }

  countRefused({ answer, reason }: RefusedRequest): void {
    count(this.refused, `${answer} ${reason}`);
  }

  summary(): Summary {
    const { webhooks, duplicates, outOfOrder, answers, refused } = this;
    return { webhooks, different: webhooks - duplicates, duplicates, outOfOrder, answers, refused };
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
