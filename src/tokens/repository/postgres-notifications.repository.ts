import type { DataSource } from 'typeorm';
import { isConflict } from '../../database/failure-class.js';
import type { UnmatchedReason } from '../entities/unmatched-notification.entity.js';
import type { IncomingCall } from '../incoming-call.js';
import type { NotificationsRepository, Recorded } from './notifications.repository.js';
import { MATCH_UNMATCHED, RECORD_BATCH, RECORD_FAILED } from './postgres-statements.js';

/** A deadlock or a serialization failure says: again, at once. */
const MAX_TRIES = 3;

interface RecordedRow {
  readonly id: string;
  readonly sequence: string | null;
  readonly reason: UnmatchedReason | null;
}

/** One statement a batch, and so one transaction and one round trip. */
export class PostgresNotificationsRepository implements NotificationsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async recordBatch(calls: readonly IncomingCall[]): Promise<readonly Recorded[]> {
    const rows = await this.query<RecordedRow>(RECORD_BATCH, [...columns(calls), calls.map(({ mayAct }) => mayAct)]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return calls.map(({ id }) => recordedOf(byId.get(id)));
  }

  async recordFailed(call: IncomingCall, cause: string): Promise<void> {
    await this.query(RECORD_FAILED, [...columns([call]), [cause]]);
  }

  async matchUnmatched(limit: number, nowMs: number): Promise<number> {
    const rows = await this.query(MATCH_UNMATCHED, [limit, nowMs]);
    return rows.length;
  }

  private async query<Row>(statement: string, parameters: unknown[]): Promise<Row[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.dataSource.query<Row[]>(statement, parameters);
      } catch (error) {
        if (!isConflict(error) || tries >= MAX_TRIES) throw error;
      }
    }
  }
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
