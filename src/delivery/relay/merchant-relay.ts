import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { GatewayConfig } from '../../config/gateway-config.js';
import { describeCause } from '../../http/log-error.js';
import type { IncomingCall } from '../../tokens/incoming-call.js';
import { NotificationRelay, type RelayOutcome } from '../../tokens/relay/notification-relay.js';
import { withDeadline } from '../dispatcher/with-deadline.js';
import type { ClaimedDelivery } from '../repository/deliveries.repository.js';
import { RelayClaims } from './relay-claims.js';
import { RelayTries } from './relay-tries.js';
import { RelayedMerchants } from './relayed-merchants.js';

const ACCEPTED: RelayOutcome = { kind: 'accepted' };

/** What has come of a relay so far. */
interface Progress {
  readonly notificationId: string;
  readonly signal: AbortSignal;
  refusal?: RelayOutcome;
}

/**
 * Delivers while D1 waits, for merchants on relay. Refused for good is the merchant's answer to D1; whatever else goes
 * wrong stays queued, and D1 is told that the gateway has it.
 */
@Injectable()
export class MerchantRelay extends NotificationRelay implements BeforeApplicationShutdown {
  private readonly logger = new Logger(MerchantRelay.name);
  /** What goes on, though D1 may have been answered. */
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly merchants: RelayedMerchants,
    private readonly claims: RelayClaims,
    private readonly tries: RelayTries,
    private readonly config: GatewayConfig,
  ) {
    super();
  }

  relay(notification: IncomingCall): RelayOutcome | Promise<RelayOutcome> {
    const relayed = this.merchants.has(notification.merchantGatewayId, notification.merchantId);
    return relayed === false ? ACCEPTED : this.relayIf(relayed, notification.id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** The deadline holds for the whole of it: a database that hangs after the commit must not hold D1. */
  private relayIf(relayed: boolean | Promise<boolean>, notificationId: string): Promise<RelayOutcome> {
    return withDeadline(this.config.delivery.relayDeadlineMs, async (signal) => {
      const progress: Progress = { notificationId, signal };
      const tried = this.goOn(async () => {
        if (await relayed) await this.deliverNow(progress);
      });
      await Promise.race([tried, new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))]);
      return progress.refusal ?? ACCEPTED;
    });
  }

  /** Resolves when what may be tried has been. */
  private async deliverNow(progress: Progress): Promise<void> {
    const { notificationId } = progress;
    const claimed = await this.claims.take(notificationId);
    const tried = await Promise.all(claimed.map((delivery) => this.deliver(delivery, progress)));
    const untried = claimed.filter((_, index) => !tried[index]);
    // None claimed: the token is being tried, or there is nothing to be tried.
    if (untried.length === 0 && claimed.length > 0) return;
    void this.goOn(() => this.claims.leave(notificationId, untried));
  }

  private async deliver(delivery: ClaimedDelivery, progress: Progress): Promise<boolean> {
    const result = await this.tries.make(delivery, this.claims.owner, progress.signal);
    if (result?.outcome.kind === 'refused') progress.refusal ??= { kind: 'refused', reason: result.outcome.reason };
    return result !== undefined;
  }

  private goOn(work: () => Promise<void>): Promise<void> {
    const ended = work()
      .catch((error: unknown) =>
        this.logger.error({ msg: 'Relaying went wrong; the delivery stays queued', cause: describeCause(error) }),
      )
      .finally(() => this.underWay.delete(ended));
    this.underWay.add(ended);
    return ended;
  }
}
