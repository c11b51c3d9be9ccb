// A connection of its own, apart from TypeORM's: that one is shared by everything asynchronous, and a batch between
// two steps of somebody else's transaction would be committed, or undone, with it. Here a batch is one synchronous
// transaction of prepared statements, and nothing in this process can come between.
import Database, { type Database as Connection, type Statement } from 'better-sqlite3';
import { setTimeout as wait } from 'node:timers/promises';
import { isConflict } from '../../database/failure-class.js';
import { makeDurable } from '../../database/sqlite-connection.js';
import type { IncomingCall } from '../incoming-call.js';
import type { NotificationsRepository, Recorded } from './notifications.repository.js';

/** Another connection holds the write lock (a registry change, a backup): asked again until then. */
const LOCK_TIMEOUT_MS = 5000;
const LOCK_RETRY_MS = 2;

const CALL_COLUMNS = `id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, payload, received_at_ms`;
const CALL_VALUES = `@id, @merchantGatewayId, @merchantId, @tokenId, @correlationId, @clientId, @payload, @receivedAtMs`;

export class SqliteNotificationsRepository implements NotificationsRepository {
  private readonly connection: Connection;
  private readonly nextSequence: Statement<[string, string, string], { sequence: number }>;
  private readonly knowsMerchant: Statement<[string, string]>;
  private readonly insertNotification: Statement<[object]>;
  private readonly insertUnmatched: Statement<[object]>;
  private readonly insertFailed: Statement<[object]>;
  private readonly findMatchable: Statement<[number], IncomingCall>;
  private readonly markMatched: Statement<[object]>;

  /** The schema must be there: the statements are prepared here. */
  constructor(file: string) {
    // Waiting for a lock happens in `write`, not in SQLite, where it would hold up the event loop.
    this.connection = new Database(file, { timeout: 0 });
    makeDurable(this.connection);
    this.nextSequence = this.connection.prepare(
      `update tokens set last_sequence = last_sequence + 1
       where merchant_gateway_id = ? and merchant_id = ? and id = ? returning last_sequence as sequence`,
    );
    this.knowsMerchant = this.connection.prepare(`select 1 from merchants where merchant_gateway_id = ? and id = ?`);
    this.insertNotification = this.connection.prepare(
      `insert into notifications (${CALL_COLUMNS}, sequence) values (${CALL_VALUES}, @sequence)`,
    );
    this.insertUnmatched = this.connection.prepare(
      `insert into unmatched_notifications (${CALL_COLUMNS}, reason) values (${CALL_VALUES}, @reason)`,
    );
    this.insertFailed = this.connection.prepare(
      `insert into failed_notifications (${CALL_COLUMNS}, cause) values (${CALL_VALUES}, @cause)`,
    );
    this.findMatchable = this.connection.prepare(
      `select u.id, u.merchant_gateway_id as merchantGatewayId, u.merchant_id as merchantId, u.token_id as tokenId,
              u.correlation_id as correlationId, u.client_id as clientId, u.payload, u.received_at_ms as receivedAtMs
       from unmatched_notifications u
       join tokens t on t.merchant_gateway_id = u.merchant_gateway_id and t.merchant_id = u.merchant_id and t.id = u.token_id
       where u.notification_id is null
         and (u.client_id is null or exists (
           select 1 from client_merchant_gateways c
           where c.client_id = u.client_id and c.merchant_gateway_id = u.merchant_gateway_id))
       order by u.received_at_ms, u.id limit ?`,
    );
    this.markMatched = this.connection.prepare(
      `update unmatched_notifications set notification_id = @id, matched_at_ms = @nowMs where id = @id`,
    );
  }

  recordBatch(calls: readonly IncomingCall[]): Promise<readonly Recorded[]> {
    return this.write(() => calls.map((call) => this.record(call)));
  }

  async recordFailed(call: IncomingCall, cause: string): Promise<void> {
    await this.write(() => this.insertFailed.run({ ...parameters(call), cause }));
  }

  matchUnmatched(limit: number, nowMs: number): Promise<number> {
    return this.write(() => {
      const calls = this.findMatchable.all(limit);
      for (const call of calls) {
        this.accept(call);
        this.markMatched.run({ id: call.id, nowMs });
      }
      return calls.length;
    });
  }

  close(): void {
    this.connection.close();
  }

  private record(call: IncomingCall): Recorded {
    const sequence = call.mayAct ? this.accept(call) : undefined;
    if (sequence !== undefined) return { kind: 'accepted', sequence };
    const known = call.mayAct && this.knowsMerchant.get(call.merchantGatewayId, call.merchantId) !== undefined;
    const reason = known ? 'UNKNOWN_TOKEN' : 'UNKNOWN_MERCHANT';
    this.insertUnmatched.run({ ...parameters(call), reason });
    return { kind: 'unmatched', reason };
  }

  private accept(call: IncomingCall): number | undefined {
    const sequence = this.nextSequence.get(call.merchantGatewayId, call.merchantId, call.tokenId)?.sequence;
    if (sequence !== undefined) this.insertNotification.run({ ...parameters(call), sequence });
    return sequence;
  }

  private async write<T>(work: () => T): Promise<T> {
    const transaction = this.connection.transaction(work);
    const deadlineMs = performance.now() + LOCK_TIMEOUT_MS;
    for (;;) {
      try {
        return transaction.immediate();
      } catch (error) {
        if (!isConflict(error) || performance.now() >= deadlineMs) throw error;
        await wait(LOCK_RETRY_MS);
      }
    }
  }
}

/** SQLite binds no booleans, and named parameters must all be used. */
function parameters({ mayAct: _mayAct, ...rest }: IncomingCall): Omit<IncomingCall, 'mayAct'> {
  return rest;
}
