import type { MerchantRef } from '@gateway/merchant-kit';
import type { DataSource } from 'typeorm';
import { runPrepared, type PreparedStatement } from '../../database/prepared-statement.js';
import { retryConflicts } from '../../database/retry-conflicts.js';
import type { UnmatchedReason } from '../entities/unmatched-notification.entity.js';
import type { IncomingCall } from '../incoming-call.js';
import type { NotificationsRepository, OpenCall, Recorded, Written } from './notifications.repository.js';
import { FIND_OPEN, MATCH_UNMATCHED, RECORD_BATCH, RECORD_FAILED } from './postgres-statements.js';

interface Row {
  /** Of a notification or an unmatched one; of a destination where the kind is `due`. */
  readonly id: string;
  readonly kind: 'accepted' | 'unmatched' | 'due';
}

interface RecordedRow extends Row {
  readonly sequence: string | null;
  readonly reason: UnmatchedReason | null;
}

const RECORD: PreparedStatement = { name: 'record_batch', text: RECORD_BATCH };

/** One statement a batch, and so one transaction and one round trip. */
export class PostgresNotificationsRepository implements NotificationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async recordBatch(calls: readonly IncomingCall[]): Promise<Written<readonly Recorded[]>> {
    const parameters = [...columns(calls), calls.map(({ mayAct }) => mayAct)];
    const rows = await retryConflicts(() => runPrepared<RecordedRow>(this.dataSource, RECORD, parameters));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return { results: calls.map(({ id }) => recordedOf(byId.get(id))), dueDestinations: idsOf(rows, 'due') };
  }

  async recordFailed(call: IncomingCall, cause: string): Promise<void> {
    await this.query(RECORD_FAILED, [...columns([call]), [cause]]);
  }

  async matchUnmatched(limit: number, nowMs: number): Promise<Written<number>> {
    const rows = await this.query<Row>(MATCH_UNMATCHED, [limit, nowMs]);
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

function idsOf(rows: readonly Row[], kind: Row['kind']): string[] {
  return rows.filter((row) => row.kind === kind).map(({ id }) => id);
}

/** Column by column, as `unnest` takes them; the order is that of `CALL` in postgres-statements.ts. */
function columns(calls: readonly IncomingCall[]): unknown[][] {
  return [
    calls.map(({ id }) => id),
    calls.map(({ merchantGatewayId }) => merchantGatewayId),
    calls.map(({ merchantId }) => merchantId),
    calls.map(({ tokenId }) => tokenId),
    calls.map(({ correlationId }) => correlationId),
    calls.map(({ clientId }) => clientId),
    calls.map(({ payload }) => payload),
    calls.map(({ receivedAtMs }) => receivedAtMs),
  ];
}

function recordedOf(row: RecordedRow | undefined): Recorded {
  if (row?.sequence != null) return { kind: 'accepted', sequence: Number(row.sequence) };
  if (row?.reason != null) return { kind: 'unmatched', reason: row.reason };
  throw new Error('A call of the batch has no record');
}
