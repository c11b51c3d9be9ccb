import type { DataSource } from 'typeorm';
import { retryConflicts } from '../../database/retry-conflicts.js';
import {
  claimedDelivery,
  type Claim,
  type ClaimedDelivery,
  type ClaimedRow,
  type DeliveriesRepository,
  type DueDestination,
  type Settlement,
} from './deliveries.repository.js';
import * as statements from './postgres-statements.js';

/** SQLSTATE of what the unique index on leases says when another dispatcher was first. */
const UNIQUE_VIOLATION = '23505';

export class PostgresDeliveriesRepository implements DeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  claimDue({ id, coalesce }: DueDestination, limit: number, claim: Claim): Promise<readonly ClaimedDelivery[]> {
    return this.claim(coalesce ? statements.CLAIM_NEWEST : statements.CLAIM_DUE, [id, limit], claim);
  }

  claimOf(notificationId: string, claim: Claim): Promise<readonly ClaimedDelivery[]> {
    return this.claim(statements.CLAIM_OF, [notificationId, null], claim);
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await this.query(statements.SETTLE, [
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
    ]);
  }

  async freeExpiredLeases(nowMs: number): Promise<void> {
    await this.query(statements.FREE_EXPIRED, [nowMs]);
  }

  /** Others may be at work: their leases run out by themselves. */
  async freeOrphanedLeases(): Promise<void> {}

  async releaseUntried(deliveryIds: readonly string[], owner: string): Promise<void> {
    await this.query(statements.RELEASE, [deliveryIds, owner]);
  }

  async freeLeasesOf(owner: string): Promise<void> {
    await this.query(statements.FREE_OWN, [owner]);
  }

  async destinationsWithDue(nowMs: number): Promise<readonly string[]> {
    const rows = await this.query<{ id: string }>(statements.DESTINATIONS_WITH_DUE, [nowMs]);
    return rows.map(({ id }) => id);
  }

  async disableDestination(destinationId: string, reason: string, nowMs: number): Promise<void> {
    await this.query(statements.DISABLE_DESTINATION, [destinationId, reason, nowMs]);
  }

  async cancelPendingOfDisabled(destinationId: string, reason: string, nowMs: number): Promise<void> {
    await this.query(statements.CANCEL_PENDING_OF_DISABLED, [destinationId, reason, nowMs]);
  }

  private async claim(statement: string, selection: unknown[], claim: Claim): Promise<readonly ClaimedDelivery[]> {
    try {
      const rows = await this.query<ClaimedRow>(statement, [
        ...selection,
        claim.owner,
        claim.leaseUntilMs,
        claim.nowMs,
      ]);
      return rows.map(claimedDelivery);
    } catch (error) {
      // Another dispatcher has claimed one of these tokens meanwhile; what is left is found by the next claim.
      if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return [];
      throw error;
    }
  }

  private query<Row>(statement: string, parameters: unknown[]): Promise<Row[]> {
    return retryConflicts(() => this.dataSource.query<Row[]>(statement, parameters));
  }
}
