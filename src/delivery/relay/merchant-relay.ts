import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { describeCause } from '../../http/log-error.js';
import type { IncomingCall } from '../../tokens/incoming-call.js';
import { NotificationRelay, type RelayOutcome } from '../../tokens/relay/notification-relay.js';
import { Deliverer } from '../dispatcher/deliverer.js';
import { withDeadline } from '../dispatcher/with-deadline.js';
import { DeliveriesRepository, type ClaimedDelivery } from '../repository/deliveries.repository.js';
import { RelayedMerchants } from './relayed-merchants.js';

const ACCEPTED: RelayOutcome = { kind: 'accepted' };

/** For the record of a try that took until the deadline. */
const LEASE_MARGIN_MS = 30_000;

/**
 * Delivers while D1 waits, for merchants on relay. Refused for good is the merchant's answer to D1; whatever else goes
 * wrong stays queued, and D1 is told that the gateway has it.
 */
@Injectable()
export class MerchantRelay extends NotificationRelay {
  private readonly logger = new Logger(MerchantRelay.name);
  private readonly owner = `relay ${randomUUID().slice(0, 30)}`;

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly merchants: RelayedMerchants,
    private readonly deliverer: Deliverer,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
  ) {
    super();
  }

  relay(notification: IncomingCall): RelayOutcome | Promise<RelayOutcome> {
    const relayed = this.merchants.has(notification.merchantGatewayId, notification.merchantId);
    return relayed === false ? ACCEPTED : this.relayIf(relayed, notification.id);
  }

  private async relayIf(relayed: boolean | Promise<boolean>, notificationId: string): Promise<RelayOutcome> {
    try {
      return (await relayed) ? await this.deliverNow(notificationId) : ACCEPTED;
    } catch (error) {
      this.logger.error({ msg: 'Relaying went wrong; the delivery stays queued', cause: describeCause(error) });
      return ACCEPTED;
    }
  }

  private async deliverNow(notificationId: string): Promise<RelayOutcome> {
    const { relayDeadlineMs } = this.config.delivery;
    const nowMs = this.clock.nowMs();
    const claim = { owner: this.owner, nowMs, leaseUntilMs: nowMs + relayDeadlineMs + LEASE_MARGIN_MS };
    const outcomes = await withDeadline(relayDeadlineMs, async (signal) => {
      const claimed = await this.repository.claimOf(notificationId, claim);
      return Promise.all(claimed.map((delivery) => this.deliver(delivery, signal)));
    });
    return outcomes.find(({ kind }) => kind === 'refused') ?? ACCEPTED;
  }

  private async deliver(delivery: ClaimedDelivery, signal: AbortSignal): Promise<RelayOutcome> {
    const { outcome } = await this.deliverer.deliver(delivery, this.owner, signal);
    return outcome.kind === 'refused' ? { kind: 'refused', reason: outcome.reason } : ACCEPTED;
  }
}
