import type { ReceivedWebhook, RefusedRequest } from '../received.js';
import type { Summary } from './tally.js';
import { HEADING, refusedLine, summaryText, webhookLine } from './text-lines.js';

/** What is printed on standard output, as it happens and at the end. */
export interface Report {
  begin(): void;
  webhook(webhook: ReceivedWebhook): void;
  refused(request: RefusedRequest): void;
  end(summary: Summary): void;
}

/** For people. */
export class TextReport implements Report {
  begin(): void {
    print(HEADING);
  }

  webhook(webhook: ReceivedWebhook): void {
    print(webhookLine(webhook));
  }

  refused(request: RefusedRequest): void {
    print(refusedLine(request));
  }

  end(summary: Summary): void {
    print(`\n${summaryText(summary)}`);
  }
}

/** For programs: an object a line, its `type` says which. */
export class JsonReport implements Report {
  begin(): void {}

  webhook({ atMs, webhookId, event, duplicate, outOfOrder, answer }: ReceivedWebhook): void {
    const time = new Date(atMs).toISOString();
    printJson({ ...event.data, type: 'webhook', time, answer: answer ?? null, webhookId, duplicate, outOfOrder });
  }

  refused({ atMs, answer, reason }: RefusedRequest): void {
    printJson({ type: 'refused', time: new Date(atMs).toISOString(), answer, reason });
  }

  end(summary: Summary): void {
    printJson({ type: 'summary', ...summary });
  }
}

function printJson(value: object): void {
  print(JSON.stringify(value));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
