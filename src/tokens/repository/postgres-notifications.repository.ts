import type { MerchantRef } from '@gateway/merchant-kit';
import type { DataSource } from 'typeorm';
import { arrayOf } from '../../database/postgres-array.js';
import { runPrepared, type PreparedStatement } from '../../database/prepared-statement.js';
import { retryConflicts } from '../../database/retry-conflicts.js';
import type { UnmatchedReason } from '../entities/unmatched-notification.entity.js';
import type { IncomingCall } from '../incoming-call.js';
import {
  ACCEPTED,
  type NotificationsRepository,
  type OpenCall,
  type Recorded,
  type Written,
} from './notifications.repository.js';
import { FIND_OPEN, MATCH_UNMATCHED, RECORD_BATCH, RECORD_FAILED } from './postgres-statements.js';

/** What became of a batch. */
interface RecordedRow {
  readonly accepted: number;
  /** Of the calls that became unmatched notifications, by their ids. */
  readonly reasons: Readonly<Record<string, UnmatchedReason>> | null;
  /** Destinations. */
  readonly due: readonly string[] | null;
}

interface MatchedRow {
  /** Of a notification; of a destination where the kind is `due`. */
  readonly id: string;
  readonly kind: 'accepted' | 'due';
}

const RECORD: PreparedStatement = { name: 'record_batch', text: RECORD_BATCH };

/** One statement a batch, and so one transaction and one round trip. */
export class PostgresNotificationsRepository implements NotificationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async recordBatch(calls: readonly IncomingCall[]): Promise<Written<readonly Recorded[]>> {
    const parameters = [...columns(calls), arrayOf(calls.map(({ mayAct }) => mayAct))];
    const [row] = await retryConflicts(() => runPrepared<RecordedRow>(this.dataSource, RECORD, parameters));
    const reasons = row?.reasons ?? {};
    if (row?.accepted !== calls.length - Object.keys(reasons).length)
      throw new Error('A call of the batch has no record');
    return { results: calls.map(({ id }) => recordedOf(reasons[id])), dueDestinations: row.due ?? [] };
  }

  async recordFailed(call: IncomingCall, cause: string): Promise<void> {
    await this.query(RECORD_FAILED, [...columns([call]), arrayOf([cause])]);
  }

  async matchUnmatched(limit: number, nowMs: number): Promise<Written<number>> {
    const rows = await this.query<MatchedRow>(MATCH_UNMATCHED, [limit, nowMs]);
    return { results: idsOf(rows, 'accepted').length, dueDestinations: idsOf(rows, 'due') };
  }

  findOpen(merchants: readonly MerchantRef[], afterId: string, limit: number): Promise<readonly OpenCall[]> {
    const gatewayIds = merchants.map(({ merchantGatewayId }) => merchantGatewayId);
    const merchantIds = merchants.map(({ merchantId }) => merchantId);
    return this.query<OpenCall>(FIND_OPEN, [gatewayIds, merchantIds, afterId, limit]);
  }

  private query<T>(statement: string, parameters: unknown[]): Promise<T[]> {
    return retryConflicts(() => this.dataSource.query<T[]>(statement, parameters));
  }
}

function idsOf(rows: readonly MatchedRow[], kind: MatchedRow['kind']): string[] {
  return rows.filter((row) => row.kind === kind).map(({ id }) => id);
}

/** Column by column, as `unnest` takes them; the order is that of `CALL` in postgres-statements.ts. */
function columns(calls: readonly IncomingCall[]): string[] {
  return [
    arrayOf(calls.map(({ id }) => id)),
    arrayOf(calls.map(({ merchantGatewayId }) => merchantGatewayId)),
    arrayOf(calls.map(({ merchantId }) => merchantId)),
    arrayOf(calls.map(({ tokenId }) => tokenId)),
    arrayOf(calls.map(({ correlationId }) => correlationId)),
    arrayOf(calls.map(({ clientId }) => clientId)),
    arrayOf(calls.map(({ payload }) => payload)),
    arrayOf(calls.map(({ receivedAtMs }) => receivedAtMs)),
  ];
}

function recordedOf(reason: UnmatchedReason | undefined): Recorded {
  return reason === undefined ? ACCEPTED : { kind: 'unmatched', reason };
}
