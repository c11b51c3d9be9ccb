import type { MerchantRef } from '@gateway/merchant-kit';
import type { Statement } from 'better-sqlite3';
import { timeOrderedId } from '../../clock/time-ordered-id.js';
import type { SqliteWriter } from '../../database/sqlite-writer.js';
import type { IncomingCall } from '../incoming-call.js';
import {
  ACCEPTED,
  DISABLED,
  type NotificationsRepository,
  type OpenCall,
  type Recorded,
  type Written,
} from './notifications.repository.js';
import * as statements from './sqlite-statements.js';

interface DestinationRow {
  readonly id: string;
  readonly disabled: 0 | 1;
  readonly headStartMs: number;
}

/** What one transaction has found out. */
interface Batch {
  /** Their calls have come just now: what the relay has to itself is not due yet. */
  readonly isNew: boolean;
  readonly sequenceBefore: number;
  /** The last number given to a notification. */
  sequence: number;
  readonly due: Set<string>;
  readonly destinations: Map<string, DestinationRow[]>;
}

export class SqliteNotificationsRepository implements NotificationsRepository {
  private readonly knowsToken: Statement<[string, string, string]>;
  private readonly knowsMerchant: Statement<[string, string]>;
  private readonly destinationsOf: Statement<[string, string], DestinationRow>;
  private readonly lastSequence: Statement<[], number>;
  private readonly saveSequence: Statement<[number]>;
  private readonly insertNotification: Statement<[readonly unknown[]]>;
  private readonly insertDelivery: Statement<[object]>;
  private readonly insertUnmatched: Statement<[object]>;
  private readonly insertFailed: Statement<[object]>;
  private readonly findMatchable: Statement<[number], IncomingCall>;
  private readonly markMatched: Statement<[object]>;
  private readonly selectOpen: Statement<[object], OpenCall>;

  /** The schema must be there: the statements are prepared here. */
  constructor(private readonly writer: SqliteWriter) {
    const { connection } = writer;
    this.knowsToken = connection.prepare(statements.KNOWS_TOKEN);
    this.knowsMerchant = connection.prepare(statements.KNOWS_MERCHANT);
    this.destinationsOf = connection.prepare(statements.DESTINATIONS_OF);
    this.lastSequence = connection.prepare<[], number>(statements.LAST_SEQUENCE).pluck();
    this.saveSequence = connection.prepare(statements.SAVE_SEQUENCE);
    this.insertNotification = connection.prepare(statements.INSERT_NOTIFICATION);
    this.insertDelivery = connection.prepare(statements.INSERT_DELIVERY);
    this.insertUnmatched = connection.prepare(statements.INSERT_UNMATCHED);
    this.insertFailed = connection.prepare(statements.INSERT_FAILED);
    this.findMatchable = connection.prepare(statements.FIND_MATCHABLE);
    this.markMatched = connection.prepare(statements.MARK_MATCHED);
    this.selectOpen = connection.prepare(statements.FIND_OPEN);
  }

  recordBatch(calls: readonly IncomingCall[]): Promise<Written<readonly Recorded[]>> {
    return this.writer.write(() => {
      const batch = this.begin({ isNew: true });
      const results = calls.map((call) => this.record(call, batch));
      this.end(batch);
      return { results, dueDestinations: [...batch.due] };
    });
  }

  async recordFailed(call: IncomingCall, cause: string): Promise<void> {
    await this.writer.write(() => this.insertFailed.run({ ...parameters(call), cause }));
  }

  matchUnmatched(limit: number, nowMs: number): Promise<Written<number>> {
    return this.writer.write(() => {
      const batch = this.begin({ isNew: false });
      const calls = this.findMatchable.all(limit);
      for (const call of calls) {
        this.accept(call, batch);
        this.markMatched.run({ id: call.id, nowMs });
      }
      this.end(batch);
      return { results: calls.length, dueDestinations: [...batch.due] };
    });
  }

  async findOpen(merchants: readonly MerchantRef[], afterId: string, limit: number): Promise<readonly OpenCall[]> {
    return this.selectOpen.all({ merchants: JSON.stringify(merchants), afterId, limit });
  }

  private begin({ isNew }: Pick<Batch, 'isNew'>): Batch {
    const sequenceBefore = this.lastSequence.get() ?? 0;
    return { isNew, sequenceBefore, sequence: sequenceBefore, due: new Set(), destinations: new Map() };
  }

  /** The last number is written once a batch, and not for each of its calls. */
  private end({ sequenceBefore, sequence }: Batch): void {
    if (sequence > sequenceBefore) this.saveSequence.run(sequence);
  }

  private record(call: IncomingCall, batch: Batch): Recorded {
    if (call.mayAct && this.accept(call, batch)) return ACCEPTED;
    const known = call.mayAct && this.knowsMerchant.get(call.merchantGatewayId, call.merchantId) !== undefined;
    const reason = known ? 'UNKNOWN_TOKEN' : 'UNKNOWN_MERCHANT';
    this.insertUnmatched.run({ ...parameters(call), reason });
    return { kind: 'unmatched', reason };
  }

  /** @returns whether the token is registered */
  private accept(call: IncomingCall, batch: Batch): boolean {
    const { merchantGatewayId, merchantId, tokenId } = call;
    if (this.knowsToken.get(merchantGatewayId, merchantId, tokenId) === undefined) return false;
    const sequence = ++batch.sequence;
    const { correlationId, clientId, payload, receivedAtMs } = call;
    this.insertNotification.run([
      call.id,
      merchantGatewayId,
      merchantId,
      tokenId,
      correlationId,
      clientId,
      payload,
      receivedAtMs,
      sequence,
    ]);
    for (const destination of this.destinationsIn(batch, merchantGatewayId, merchantId)) {
      this.insertDelivery.run({
        id: timeOrderedId(receivedAtMs),
        notificationId: call.id,
        tokenId,
        sequence,
        ...deliveryOf(call, destination),
      });
      const isRelayed = batch.isNew && destination.headStartMs > 0;
      if (!destination.disabled && !isRelayed) batch.due.add(destination.id);
    }
    return true;
  }

  /** Within a transaction they cannot change, and most of a batch is for one merchant. */
  private destinationsIn({ destinations }: Batch, merchantGatewayId: string, merchantId: string): DestinationRow[] {
    const merchant = `${merchantGatewayId}/${merchantId}`;
    let found = destinations.get(merchant);
    if (!found) {
      found = this.destinationsOf.all(merchantGatewayId, merchantId);
      destinations.set(merchant, found);
    }
    return found;
  }
}

/** For a disabled destination there is a delivery, too, so that it can be replayed once it is enabled. */
function deliveryOf({ receivedAtMs }: IncomingCall, { id, disabled, headStartMs }: DestinationRow): object {
  return {
    destinationId: id,
    receivedAtMs,
    state: disabled ? 'cancelled' : 'pending',
    dueAtMs: receivedAtMs + headStartMs,
    settledAtMs: disabled ? receivedAtMs : null,
    reason: disabled ? DISABLED : null,
  };
}

/** SQLite binds no booleans, and named parameters must all be used. */
function parameters({ mayAct: _mayAct, ...rest }: IncomingCall): Omit<IncomingCall, 'mayAct'> {
  return rest;
}
