import type { DataSource } from 'typeorm';
import { retryConflicts } from '../../database/retry-conflicts.js';
import { lowestId } from '../../database/partitions/periods.js';
import { LOOK_AHEAD } from './claim-rules.js';
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
import { OpenRange } from './open-range.js';
import * as statements from './postgres-statements.js';

/** A claim looks through so many rows for each delivery that it wants, at first; mostly that is enough. */
const ROWS_PER_CLAIMED = 8;
const FEWEST = 64;

interface LeasedRow extends ClaimedRow {
  readonly lease_until_ms: string;
}

/** Where nothing was claimed, one row without a delivery. */
type ScannedRow = { readonly scanned: number } & (LeasedRow | { readonly id: null });

function isClaimed(row: ScannedRow): row is ScannedRow & LeasedRow {
  return row.id !== null;
}

function leasedDelivery(row: LeasedRow): ClaimedDelivery {
  return claimedDelivery(row, Number(row.lease_until_ms));
}

export class PostgresDeliveriesRepository implements DeliveriesRepository {
  private readonly openRange: OpenRange;

  constructor(private readonly dataSource: DataSource) {
    this.openRange = new OpenRange(dataSource);
  }

  async claimDue(destination: DueDestination, limit: number, claim: Claim): Promise<readonly ClaimedDelivery[]> {
    const few = Math.max(FEWEST, limit * ROWS_PER_CLAIMED);
    const first = await this.claimAmong(few, destination, limit, claim);
    if (first.claimed.length === limit || first.scanned < few || few >= LOOK_AHEAD) return first.claimed;
    // A few tokens with many updates each are in front.
    const rest = await this.claimAmong(LOOK_AHEAD, destination, limit - first.claimed.length, claim);
    return [...first.claimed, ...rest.claimed];
  }

  async claimOf(notificationId: string, claim: Claim): Promise<readonly ClaimedDelivery[]> {
    await this.openRange.refreshIfOld();
    const rows = await this.query<LeasedRow>(statements.CLAIM_OF, [
      notificationId,
      null,
      ...this.claimParameters(claim),
    ]);
    return rows.map(leasedDelivery);
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await this.query(statements.SETTLE, columnsOf(settlements));
  }

  async findLost(): Promise<readonly LostTry[]> {
    const expired = await this.query<{ id: string }>(statements.FIND_EXPIRED, []);
    if (expired.length === 0) return [];
    const rows = await this.query<LostRow>(statements.FIND_LOST, [expired.map(({ id }) => id)]);
    return rows.map(lostTry);
  }

  /** Others may be at work: their leases run out by themselves. */
  async findOrphaned(): Promise<readonly LostTry[]> {
    return [];
  }

  async settleLost(settlements: readonly Settlement[]): Promise<void> {
    await this.query(statements.SETTLE_LOST, columnsOf(settlements));
  }

  async releaseUntried(deliveries: readonly ClaimedDelivery[], owner: string): Promise<void> {
    const ids = deliveries.map(({ id }) => id);
    await this.query(statements.RELEASE, [ids, owner, deliveries.map(({ leaseUntilMs }) => leaseUntilMs)]);
  }

  async freeLeasesOf(owner: string): Promise<void> {
    await this.query(statements.FREE_OWN, [owner]);
  }

  async destinationsWithDue(nowMs: number): Promise<readonly string[]> {
    await this.openRange.refresh();
    const range = this.openRange.at(nowMs);
    const rows = await this.query<{ id: string }>(statements.DESTINATIONS_WITH_DUE, [nowMs, ...range]);
    return rows.map(({ id }) => id);
  }

  async bringForward(nowMs: number): Promise<void> {
    await this.query(statements.BRING_FORWARD, [nowMs, lowestId(nowMs + AHEAD_MS), AHEAD_MS]);
  }

  async disableDestination(destinationId: string, reason: string, nowMs: number): Promise<void> {
    await this.query(statements.DISABLE_DESTINATION, [destinationId, reason, nowMs]);
  }

  async cancelPendingOfDisabled(destinationId: string, reason: string, nowMs: number): Promise<void> {
    await this.query(statements.CANCEL_PENDING_OF_DISABLED, [destinationId, reason, nowMs]);
  }

  private async claimAmong(
    rowsToScan: number,
    { id, coalesce }: DueDestination,
    limit: number,
    claim: Claim,
  ): Promise<{ claimed: ClaimedDelivery[]; scanned: number }> {
    // Not prepared: planned for any range of ids, it and SETTLE let 2,500 webhooks go a second in place of 3,900.
    const statement = coalesce ? statements.CLAIM_NEWEST : statements.CLAIM_DUE;
    const rows = await this.query<ScannedRow>(statement, [id, limit, ...this.claimParameters(claim), rowsToScan]);
    return {
      claimed: rows.filter(isClaimed).map(leasedDelivery),
      scanned: rows[0]?.scanned ?? 0,
    };
  }

  /** What all claims' statements take as parameters 3 to 7. */
  private claimParameters({ owner, leaseUntilMs, nowMs }: Claim): unknown[] {
    return [owner, leaseUntilMs - nowMs, nowMs, ...this.openRange.at(nowMs)];
  }

  private query<Row>(statement: string, parameters: unknown[]): Promise<Row[]> {
    return retryConflicts(() => this.dataSource.query<Row[]>(statement, parameters));
  }
}

/** Column by column, as `unnest` takes them. */
function columnsOf(settlements: readonly Settlement[]): unknown[][] {
  return [
    settlements.map(({ deliveryId }) => deliveryId),
    settlements.map(({ owner }) => owner),
    settlements.map(({ attempt }) => attempt.id),
    settlements.map(({ attempt }) => attempt.number),
    settlements.map(({ attempt }) => attempt.startedAtMs),
    settlements.map(({ attempt }) => attempt.durationMs),
    settlements.map(({ attempt }) => attempt.outcome),
    settlements.map(({ attempt }) => attempt.statusCode),
    settlements.map(({ attempt }) => attempt.reason),
    settlements.map(({ next }) => next.state),
    settlements.map(({ next }) => (next.state === 'pending' ? next.dueAtMs : null)),
    settlements.map(({ next, settledAtMs }) => (next.state === 'pending' ? null : settledAtMs)),
    settlements.map(({ next }) => (next.state === 'delivered' ? null : next.reason)),
    settlements.map(({ leaseUntilMs }) => leaseUntilMs),
    settlements.map(({ attempt }) => lateReason(attempt.reason)),
  ];
}
