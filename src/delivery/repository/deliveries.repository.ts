import type { OutgoingEvent } from '../destinations/outgoing-event.js';
import type { NextState } from '../retry/retry-policy.js';

/** A delivery that this dispatcher is to try. */
export interface ClaimedDelivery extends OutgoingEvent {
  readonly id: string;
  readonly destinationId: string;
  readonly tokenId: string;
  /** Tries that have ended before. */
  readonly attempts: number;
  /** By the clock of the lease: with its owner, what tells it from other claims of the same delivery. */
  readonly leaseUntilMs: number;
}

export interface DueDestination {
  readonly id: string;
  readonly coalesce: boolean;
}

export interface Claim {
  readonly owner: string;
  readonly nowMs: number;
  /**
   * Until then the delivery is this dispatcher's; after that it may be claimed by any. Where instances share the database,
   * it is for so long after `nowMs` by the database's clock.
   */
  readonly leaseUntilMs: number;
}

/** A try of which nobody has told the end. */
export interface LostTry {
  readonly deliveryId: string;
  readonly owner: string;
  readonly leaseUntilMs: number;
  /** Tries that had ended before. */
  readonly attempts: number;
}

/** In the record of a try that has not moved its delivery on. */
const LATE = 'its lease had run out';

export function lateReason(reason: string | null): string {
  return reason === null ? LATE : `${reason}; ${LATE}`;
}

/** A try that has ended, and what becomes of its delivery. */
export interface Settlement {
  readonly deliveryId: string;
  readonly owner: string;
  readonly leaseUntilMs: number;
  readonly attempt: {
    readonly id: string;
    readonly number: number;
    readonly startedAtMs: number;
    readonly durationMs: number;
    readonly outcome: 'delivered' | 'retry' | 'refused';
    readonly statusCode: number | null;
    readonly reason: string | null;
  };
  readonly next: NextState;
  readonly settledAtMs: number;
}

/** Clocks of instances differ by less. */
export const AHEAD_MS = 2000;

/**
 * Deliveries at rest. One implementation for each engine, chosen once at start.
 *
 * Of one token and destination one delivery is claimed at a time, and of those that are due the one with the lowest
 * `sequence`; the database holds it, whoever claims.
 */
export abstract class DeliveriesRepository {
  /**
   * Claims due deliveries of one destination, oldest first. Where the destination coalesces, the newest pending delivery
   * of a token is claimed in place of the older ones, which are cancelled: it says what they would have said.
   */
  abstract claimDue(destination: DueDestination, limit: number, claim: Claim): Promise<readonly ClaimedDelivery[]>;

  /** Claims the deliveries of one notification, as far as they may be tried now. */
  abstract claimOf(notificationId: string, claim: Claim): Promise<readonly ClaimedDelivery[]>;

  /**
   * Records tries and moves their deliveries on, in one transaction. A delivery whose lease is not that of the claim any more
   * (it ran out; the same owner may have claimed it anew) is left as it is; the try is recorded all the same, since it
   * took place, with that in its reason.
   */
  abstract settle(settlements: readonly Settlement[]): Promise<void>;

  /** Tries of dispatchers that are taken to be dead: their leases have run out, by the clock by which they were set. */
  abstract findLost(nowMs: number): Promise<readonly LostTry[]>;

  /** At start: the tries of a former run, where no other instance can be making any. */
  abstract findOrphaned(): Promise<readonly LostTry[]>;

  /** The same as `settle`, for tries that are lost. What somebody else has settled meanwhile is left as it is, and not recorded. */
  abstract settleLost(settlements: readonly Settlement[]): Promise<void>;

  /** Gives up leases of deliveries that were claimed and not tried; those that have been claimed anew since are left as they are. */
  abstract releaseUntried(deliveries: readonly ClaimedDelivery[], owner: string): Promise<void>;

  /** Gives up this dispatcher's leases: what it has not tried, another may at once. */
  abstract freeLeasesOf(owner: string): Promise<void>;

  /** Destinations for which something is due. Disabled ones, too: what was under way when they were disabled may be left. */
  abstract destinationsWithDue(nowMs: number): Promise<readonly string[]>;

  /**
   * Makes due what was never tried and was made more than `AHEAD_MS` from now: by a clock that was ahead, and has been set right
   * since. It would wait for as long as that clock was ahead.
   */
  abstract bringForward(nowMs: number): Promise<void>;

  /** Disables a destination and cancels what is pending for it. */
  abstract disableDestination(destinationId: string, reason: string, nowMs: number): Promise<void>;

  /** Cancels what is pending for a destination, if it is disabled: the caller may remember it so, and it is not any more. */
  abstract cancelPendingOfDisabled(destinationId: string, reason: string, nowMs: number): Promise<void>;
}

/** A lost try as both engines give it. */
export interface LostRow {
  readonly id: string;
  readonly attempts: number | string;
  readonly lease_owner: string;
  readonly lease_until_ms: number | string;
}

export function lostTry({ id, attempts, lease_owner, lease_until_ms }: LostRow): LostTry {
  return {
    deliveryId: id,
    owner: lease_owner,
    leaseUntilMs: Number(lease_until_ms),
    attempts: Number(attempts),
  };
}

/** A claimed row as both engines give it. */
export interface ClaimedRow {
  readonly id: string;
  readonly destination_id: string;
  readonly notification_id: string;
  readonly attempts: number | string;
  readonly merchant_gateway_id: string;
  readonly merchant_id: string;
  readonly token_id: string;
  readonly sequence: number | string;
  readonly correlation_id: string;
  readonly payload: string | null;
  readonly received_at_ms: number | string;
}

export function claimedDelivery(row: ClaimedRow, leaseUntilMs: number): ClaimedDelivery {
  const receivedAt = new Date(Number(row.received_at_ms)).toISOString();
  return {
    id: row.id,
    destinationId: row.destination_id,
    tokenId: row.token_id,
    attempts: Number(row.attempts),
    leaseUntilMs,
    event: {
      type: 'token.updated',
      timestamp: receivedAt,
      data: {
        notificationId: row.notification_id,
        merchantGatewayId: row.merchant_gateway_id,
        merchantId: row.merchant_id,
        tokenId: row.token_id,
        sequence: Number(row.sequence),
        correlationId: row.correlation_id,
        receivedAt,
      },
    },
    payloadJson: row.payload,
  };
}
