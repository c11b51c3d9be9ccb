import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { isTransient } from '../../database/failure-class.js';
import { describeCause } from '../../http/log-error.js';
import { Batcher } from '../../tokens/intake/batcher.js';
import { DestinationDirectory } from '../destinations/destination-directory.js';
import type { TryResult } from '../destinations/destination-sender.js';
import { DestinationSenders } from '../destinations/destination-senders.js';
import { DeliveriesRepository, type ClaimedDelivery, type Settlement } from '../repository/deliveries.repository.js';
import { boundedOutcome } from '../retry/bounded-outcome.js';
import { nextState } from '../retry/retry-policy.js';

const SETTLEMENTS_PER_COMMIT = 256;

/** Makes one try of a claimed delivery and records what came of it. Tries that end together share a commit. */
@Injectable()
export class Deliverer {
  private readonly logger = new Logger(Deliverer.name);
  private readonly settlements: Batcher<Settlement, void>;

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly directory: DestinationDirectory,
    private readonly senders: DestinationSenders,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
  ) {
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
    await this.settlements.add(this.settlement(delivery, owner, startedAtMs, result));
    if (result.disableDestination) {
      this.directory.forget(delivery.destinationId);
      await this.repository.disableDestination(
        delivery.destinationId,
        'The receiver is gone (410)',
        this.clock.nowMs(),
      );
    }
    return result;
  }

  private async send(delivery: ClaimedDelivery, signal: AbortSignal): Promise<TryResult> {
    const destination = await this.directory.find(delivery.destinationId);
    if (!destination) return { outcome: { kind: 'refused', reason: 'There is no such destination' } };
    const context = { deliveryId: delivery.id, attempt: delivery.attempts + 1, signal };
    const result = await this.senders.of(destination.kind).send(destination, delivery, context);
    return { ...result, outcome: boundedOutcome(result.outcome) };
  }

  private settlement(delivery: ClaimedDelivery, owner: string, startedAtMs: number, result: TryResult): Settlement {
    const { outcome, statusCode = null } = result;
    const nowMs = this.clock.nowMs();
    const number = delivery.attempts + 1;
    const { retryScheduleSeconds: scheduleSeconds } = this.config.delivery;
    return {
      deliveryId: delivery.id,
      owner,
      attempt: {
        id: uuidv7(),
        number,
        startedAtMs,
        durationMs: Math.max(0, nowMs - startedAtMs),
        outcome: outcome.kind,
        statusCode,
        reason: outcome.kind === 'delivered' ? null : outcome.reason,
      },
      next: nextState(outcome, { attempt: number, nowMs, scheduleSeconds, random: Math.random() }),
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
