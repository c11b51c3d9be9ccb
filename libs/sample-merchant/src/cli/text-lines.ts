import type { ReceivedWebhook, RefusedRequest } from '../received.js';
import type { Summary } from './tally.js';

/** Times are those of the gateway's log: UTC. A token id and a correlation id are usually UUIDs. */
const WIDTHS = [13, 6, 8, 11, 36, 36];

const NO_ANSWER = '—';

export const HEADING = columns(['time (UTC)', 'answer', 'sequence', 'merchant', 'token', 'correlation id']);

/** One webhook. */
export function webhookLine({ atMs, event, duplicate, outOfOrder, answer }: ReceivedWebhook): string {
  const { merchantId, tokenId, sequence, correlationId } = event.data;
  const remarks = [...(duplicate ? ['duplicate'] : []), ...(outOfOrder ? ['out of order'] : [])].join(', ');
  const status = String(answer ?? NO_ANSWER);
  return columns([timeOf(atMs), status, `#${sequence}`, merchantId, tokenId, correlationId, remarks]);
}

/** A request that was refused. */
export function refusedLine({ atMs, answer, reason }: RefusedRequest): string {
  return columns([timeOf(atMs), String(answer), `refused: ${reason}`]);
}

/** What came in, for people. */
export function summaryText({ webhooks, different, duplicates, outOfOrder, answers, refused }: Summary): string {
  const lines = [`${webhooks} ${webhooks === 1 ? 'webhook' : 'webhooks'}, ${different} different`];
  if (webhooks > 0) {
    lines.push('');
    for (const [status, count] of Object.entries(answers)) {
      lines.push(row(status === 'none' ? 'no answer' : `answered ${status}`, count));
    }
    lines.push(row('duplicates', duplicates), row('out of order', outOfOrder));
  }
  if (Object.keys(refused).length > 0) lines.push('', 'Refused:', '');
  for (const [reason, count] of Object.entries(refused)) lines.push(row(reason, count));
  return lines.join('\n');
}

function row(name: string, count: number): string {
  return `  ${String(count).padStart(6)}  ${name}`;
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice('2026-01-01T'.length, -1);
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0))
    .join('  ')
    .trimEnd();
}
