import type { Outcome } from '@gateway/merchant-kit';
import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import { Clock } from '../../clock/clock.js';
import { timeOrderedId } from '../../clock/time-ordered-id.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { isTransient } from '../../database/failure-class.js';
import { describeCause } from '../../http/log-error.js';
import { Batcher } from '../../tokens/intake/batcher.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import type { DestinationTarget, TryResult } from '../destinations/destination-sender.js';
import { DestinationSenders } from '../destinations/destination-senders.js';
import { DeliveriesRepository, type ClaimedDelivery, type Settlement } from '../repository/deliveries.repository.js';
import { boundedOutcome } from '../retry/bounded-outcome.js';
import { nextState } from '../retry/retry-policy.js';

const SETTLEMENTS_PER_COMMIT = 256;

interface Events {
  /** A try begins. What a listener puts into `headers` goes along where it is made over HTTP. */
  trying: [delivery: ClaimedDelivery, destination: DestinationTarget, headers: Record<string, string>];
  /** A try has ended and is on record, as far as the database took it. */
  tried: [delivery: ClaimedDelivery, settlement: Settlement];
}

/** Makes one try of a claimed delivery and records what came of it. Tries that end together share a commit. */
@Injectable()
export class Deliverer extends EventEmitter<Events> {
  private readonly logger = new Logger(Deliverer.name);
  private readonly settlements: Batcher<Settlement, void>;

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly directory: DestinationDirectory,
    private readonly senders: DestinationSenders,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
  ) {
    super();
    this.settlements = new Batcher((batch) => this.settle(batch), {
      maxItems: SETTLEMENTS_PER_COMMIT,
      maxConcurrent: 1,
      maxWaiting: Number.POSITIVE_INFINITY,
    });
  }

  /** Resolves when the try is on record. */
  async deliver(delivery: ClaimedDelivery, owner: string, signal: AbortSignal): Promise<TryResult> {
    const startedAtMs = this.clock.nowMs();
    const result = await this.send(delivery, signal);
    const settlement = this.settlement(delivery, owner, startedAtMs, result);
    await this.settlements.add(settlement);
    this.emit('tried', delivery, settlement);
    if (result.disableDestination) {
      this.directory.forget(delivery.destinationId);
      await this.repository.disableDestination(
        delivery.destinationId,
        'The receiver is gone (410)',
        this.clock.nowMs(),
      );
      this.directory.changed(delivery.destinationId);
    }
    return result;
  }

  private async send(delivery: ClaimedDelivery, signal: AbortSignal): Promise<TryResult> {
    const destination = await this.directory.find(delivery.destinationId);
    if (!destination) return { outcome: { kind: 'refused', reason: 'There is no such destination' } };
    const headers: Record<string, string> = {};
    this.emit('trying', delivery, destination, headers);
    const context = { deliveryId: delivery.id, attempt: delivery.attempts + 1, signal, headers };
    const result = await this.senders.send(destination, delivery, context);
    return { ...result, outcome: boundedOutcome(result.outcome) };
  }

  private settlement(delivery: ClaimedDelivery, owner: string, startedAtMs: number, result: TryResult): Settlement {
    const { statusCode = null } = result;
    // Of what is not wanted there is no try, but a record of why.
    const outcome: Outcome =
      result.unwanted === undefined ? result.outcome : boundedOutcome({ kind: 'refused', reason: result.unwanted });
    const nowMs = this.clock.nowMs();
    const number = delivery.attempts + 1;
    const { retryScheduleSeconds: scheduleSeconds } = this.config.delivery;
    return {
      deliveryId: delivery.id,
      owner,
      leaseUntilMs: delivery.leaseUntilMs,
      attempt: {
        id: timeOrderedId(nowMs),
        number,
        startedAtMs,
        durationMs: Math.max(0, nowMs - startedAtMs),
        outcome: outcome.kind,
        statusCode,
        reason: outcome.kind === 'delivered' ? null : outcome.reason,
      },
      next:
        result.unwanted !== undefined && outcome.kind === 'refused'
          ? { state: 'cancelled', reason: outcome.reason }
          : nextState(outcome, { attempt: number, nowMs, scheduleSeconds, random: Math.random() }),
      settledAtMs: nowMs,
    };
  }

  private async settle(batch: readonly Settlement[]): Promise<void[]> {
    try {
      await this.repository.settle(batch);
    } catch (error) {
      if (batch.length > 1 && !isTransient(error)) {
        // One of them cannot be recorded; the others must not wait for that.
        for (const settlement of batch) await this.settle([settlement]);
        return [];
      }
      // The leases run out and the deliveries are tried again: at least once.
      this.logger.error({ msg: 'Tries were not recorded', tries: batch.length, cause: describeCause(error) });
    }
    return [];
  }
}
