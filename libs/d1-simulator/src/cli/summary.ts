import { STATUS_CODES } from 'node:http';
import type { RunResult } from '../run-result.js';
import { textTable } from './text-table.js';

/** By final status, undefined for no answer: what the first such answer said. */
export type FirstDetails = ReadonlyMap<number | undefined, string>;

/** What each status means to D1; see docs of "Notify token update". */
const MEANINGS: Readonly<Record<number, string>> = {
  204: 'accepted',
  400: 'malformed',
  401: 'unauthorised',
  404: 'unknown',
  500: 'failed for good',
  503: 'unavailable',
};

/** The result of a run as a text for people. */
export function formatSummary(result: RunResult, details: FirstDetails = new Map()): string {
  return [headline(result), answers(result, details), counts(result), latency(result)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function headline({ requested, finished, durationMs, notificationsPerSecond }: RunResult): string {
  const seconds = (durationMs / 1000).toFixed(2);
  const early = finished < requested ? ' (ended early)' : '';
  return `${finished} of ${requested} notifications in ${seconds} s${early}, ${notificationsPerSecond.toFixed(0)}/s`;
}

function answers({ answersByStatus, unanswered, finished }: RunResult, details: FirstDetails): string {
  const row = (status: number | undefined, meaning: string, count: number): string[] => [
    String(status ?? '—'),
    meaning,
    String(count),
    `${((count / finished) * 100).toFixed(1)} %`,
    details.get(status) ?? '',
  ];
  const rows = Object.entries(answersByStatus).map(([status, count]) =>
    row(Number(status), MEANINGS[Number(status)] ?? STATUS_CODES[status]?.toLowerCase() ?? '', count),
  );
  if (unanswered > 0) rows.push(row(undefined, 'no answer', unanswered));
  return textTable(rows, ['left', 'left', 'right', 'right', 'left']);
}

function counts({ retries, connectionFailures, accessTokensFetched }: RunResult): string {
  const rows = [
    ['retries', String(retries)],
    ['connection failures', String(connectionFailures)],
    ['access tokens fetched', String(accessTokensFetched)],
  ];
  return textTable(rows, ['left', 'right']);
}

function latency({ latencyMs: { p50, p95, p99, p999, max } }: RunResult): string {
  if (max === 0) return '';
  const rows = [
    ['latency of one try', 'p50', 'p95', 'p99', 'p99.9', 'max'],
    ['ms', ...[p50, p95, p99, p999, max].map((ms) => ms.toFixed(2))],
  ];
  return textTable(rows, ['left', 'right', 'right', 'right', 'right', 'right']);
}
