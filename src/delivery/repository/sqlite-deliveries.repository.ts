import type { Statement } from 'better-sqlite3';
import type { SqliteWriter } from '../../database/sqlite-writer.js';
import { lowestId } from '../../database/partitions/periods.js';
import { IS_NOT_PAUSED, mayBeTried, staysCancelled } from './claim-rules.js';
import {
  AHEAD_MS,
  claimedDelivery,
  lateReason,
  lostTry,
  type Claim,
  type ClaimedDelivery,
  type ClaimedRow,
  type DeliveriesRepository,
  type DueDestination,
  type LostRow,
  type LostTry,
  type Settlement,
} from './deliveries.repository.js';
import { CLAIMED, DUE_HEADS } from './sqlite-statements.js';

export class SqliteDeliveriesRepository implements DeliveriesRepository {
  private readonly findDue: Statement<[object], ClaimedRow>;
  private readonly findOf: Statement<[object], ClaimedRow>;
  private readonly findNewest: Statement<[object], ClaimedRow>;
  private readonly absorb: Statement<[object]>;
  private readonly lease: Statement<[object]>;
  private readonly insertAttempt: Statement<[object]>;
  private readonly moveOn: Statement<[object]>;
  private readonly findExpired: Statement<[number], LostRow>;
  private readonly release: Statement<[object]>;
  private readonly freeOwn: Statement<[string]>;
  private readonly findDestinations: Statement<[number], { id: string }>;
  private readonly findAfter: Statement<[string]>;
  private readonly makeDue: Statement<[object]>;
  private readonly disable: Statement<[object]>;
  private readonly isDisabled: Statement<[string]>;
  private readonly cancelPending: Statement<[object]>;

  /** The schema must be there: the statements are prepared here. */
  constructor(private readonly writer: SqliteWriter) {
    const { connection } = writer;
    this.findDue = connection.prepare(DUE_HEADS);
    this.findOf = connection.prepare(
      `${CLAIMED} where d.notification_id = @notificationId and d.state = 'pending' and d.lease_owner is null and ${mayBeTried('d', '@nowMs')}
         and ${IS_NOT_PAUSED}`,
    );
    this.findNewest = connection.prepare(
      `${CLAIMED} where d.destination_id = @destinationId and d.token_id = @tokenId and d.state = 'pending'
       order by d.sequence desc limit 1`,
    );
    this.absorb = connection.prepare(
      `update deliveries set state = 'cancelled', settled_at_ms = @nowMs, last_reason = @reason
       where destination_id = @destinationId and token_id = @tokenId and state = 'pending' and sequence < @sequence`,
    );
    this.lease = connection.prepare(
      `update deliveries set lease_owner = @owner, lease_until_ms = @leaseUntilMs where id = @id`,
    );
    this.insertAttempt = connection.prepare(
      `insert into delivery_attempts (delivery_id, id, attempt, started_at_ms, duration_ms, outcome, status_code, reason)
       values (@deliveryId, @id, @number, @startedAtMs, @durationMs, @outcome, @statusCode, @reason)`,
    );
    const kept = staysCancelled('deliveries', '@state');
    this.moveOn = connection.prepare(
      `update deliveries
       set state = case when ${kept} then state else @state end, attempts = @number,
         due_at_ms = coalesce(@dueAtMs, due_at_ms),
         settled_at_ms = case when ${kept} then settled_at_ms else @settledAtMs end,
         last_reason = case when ${kept} then last_reason else @reason end, lease_owner = null, lease_until_ms = null
       where id = @deliveryId and lease_owner = @owner and lease_until_ms = @leaseUntilMs`,
    );
    this.findExpired = connection.prepare(
      `select id, attempts, lease_owner, lease_until_ms from deliveries
       where lease_owner is not null and lease_until_ms < ?`,
    );
    this.release = connection.prepare(
      `update deliveries set lease_owner = null, lease_until_ms = null where id = @id and lease_owner = @owner
         and lease_until_ms = @leaseUntilMs`,
    );
    this.freeOwn = connection.prepare(
      `update deliveries set lease_owner = null, lease_until_ms = null where lease_owner = ?`,
    );
    this.findDestinations = connection.prepare(
      `select id from destinations t where exists (
         select 1 from deliveries d where d.destination_id = t.id and d.state = 'pending' and d.due_at_ms <= ?)`,
    );
    this.findAfter = connection.prepare(`select 1 from deliveries where id >= ? limit 1`);
    this.makeDue = connection.prepare(
      `update deliveries set due_at_ms = @nowMs
       where id >= @fromId and created_at_ms > @aheadMs and state = 'pending' and attempts = 0 and lease_owner is null
         and due_at_ms > @nowMs`,
    );
    this.disable = connection.prepare(
      `update destinations set disabled_at_ms = @nowMs where id = @destinationId and disabled_at_ms is null`,
    );
    this.isDisabled = connection.prepare(`select 1 from destinations where id = ? and disabled_at_ms is not null`);
    this.cancelPending = connection.prepare(
      `update deliveries set state = 'cancelled', settled_at_ms = @nowMs, last_reason = @reason
       where destination_id = @destinationId and state = 'pending' and lease_owner is null`,
    );
  }

  claimDue({ id, coalesce }: DueDestination, limit: number, claim: Claim): Promise<readonly ClaimedDelivery[]> {
    const { nowMs } = claim;
    return this.claim(claim, () => {
      const due = this.findDue.all({ destinationId: id, limit, nowMs });
      return coalesce ? due.map((row) => this.newestOf(row, nowMs)) : due;
    });
  }

  claimOf(notificationId: string, claim: Claim): Promise<readonly ClaimedDelivery[]> {
    return this.claim(claim, () => this.findOf.all({ notificationId, nowMs: claim.nowMs }));
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await this.writer.write(() => {
      for (const settlement of settlements) {
        const moved = this.moveOne(settlement);
        this.record(settlement, moved ? settlement.attempt.reason : lateReason(settlement.attempt.reason));
      }
    });
  }

  async findLost(nowMs: number): Promise<readonly LostTry[]> {
    return this.findExpired.all(nowMs).map(lostTry);
  }

  /** SQLite is for one instance: whatever is leased at its start was its predecessor's. */
  findOrphaned(): Promise<readonly LostTry[]> {
    return this.findLost(Number.MAX_SAFE_INTEGER);
  }

  async settleLost(settlements: readonly Settlement[]): Promise<void> {
    await this.writer.write(() => {
      for (const settlement of settlements)
        if (this.moveOne(settlement)) this.record(settlement, settlement.attempt.reason);
    });
  }

  async releaseUntried(deliveries: readonly ClaimedDelivery[], owner: string): Promise<void> {
    await this.writer.write(() => {
      for (const { id, leaseUntilMs } of deliveries) this.release.run({ id, owner, leaseUntilMs });
    });
  }

  async freeLeasesOf(owner: string): Promise<void> {
    await this.writer.write(() => this.freeOwn.run(owner));
  }

  async destinationsWithDue(nowMs: number): Promise<readonly string[]> {
    return this.findDestinations.all(nowMs).map(({ id }) => id);
  }

  async bringForward(nowMs: number): Promise<void> {
    const aheadMs = nowMs + AHEAD_MS;
    const fromId = lowestId(aheadMs);
    // Nearly always there is none, and then nothing is written.
    if (this.findAfter.get(fromId) === undefined) return;
    await this.writer.write(() => this.makeDue.run({ nowMs, aheadMs, fromId }));
  }

  async disableDestination(destinationId: string, reason: string, nowMs: number): Promise<void> {
    await this.writer.write(() => {
      this.disable.run({ destinationId, nowMs });
      this.cancelPending.run({ destinationId, nowMs, reason });
    });
  }

  async cancelPendingOfDisabled(destinationId: string, reason: string, nowMs: number): Promise<void> {
    await this.writer.write(() => {
      if (this.isDisabled.get(destinationId)) this.cancelPending.run({ destinationId, nowMs, reason });
    });
  }

  /** @returns false where the lease is not that of the claim any more */
  private moveOne({ deliveryId, owner, leaseUntilMs, attempt, next, settledAtMs }: Settlement): boolean {
    const { changes } = this.moveOn.run({
      deliveryId,
      owner,
      leaseUntilMs,
      state: next.state,
      number: attempt.number,
      dueAtMs: next.state === 'pending' ? next.dueAtMs : null,
      settledAtMs: next.state === 'pending' ? null : settledAtMs,
      reason: next.state === 'delivered' ? null : next.reason,
    });
    return changes > 0;
  }

  private record({ deliveryId, attempt }: Settlement, reason: string | null): void {
    this.insertAttempt.run({ deliveryId, ...attempt, reason });
  }

  private newestOf(due: ClaimedRow, nowMs: number): ClaimedRow {
    const { destination_id: destinationId, token_id: tokenId } = due;
    const newest = this.findNewest.get({ destinationId, tokenId }) ?? due;
    const reason = `absorbed by ${newest.id}`;
    this.absorb.run({ destinationId, tokenId, sequence: newest.sequence, nowMs, reason });
    return newest;
  }

  private claim(claim: Claim, find: () => ClaimedRow[]): Promise<readonly ClaimedDelivery[]> {
    const { owner, leaseUntilMs } = claim;
    return this.writer.write(() => {
      const rows = find();
      for (const { id } of rows) this.lease.run({ id, owner, leaseUntilMs });
      return rows.map((row) => claimedDelivery(row, leaseUntilMs));
    });
  }
}
