import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Between, In, IsNull } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { Transactions } from '../../database/transactions.js';
import { Delivery } from '../../tokens/entities/delivery.entity.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import { DeliveriesRepository, type ClaimedDelivery } from '../repository/deliveries.repository.js';

/** For the record of a try that took until the deadline. */
const LEASE_MARGIN_MS = 30_000;

/** What a relay takes for itself of a notification's deliveries, and what it leaves to the dispatchers. */
@Injectable()
export class RelayClaims {
  readonly owner = `relay ${randomUUID().slice(0, 30)}`;

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly transactions: Transactions,
    private readonly events: IntakeEvents,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
  ) {}

  take(notificationId: string): Promise<readonly ClaimedDelivery[]> {
    const nowMs = this.clock.nowMs();
    const leaseUntilMs = nowMs + this.config.delivery.relayDeadlineMs + LEASE_MARGIN_MS;
    return this.repository.claimOf(notificationId, { owner: this.owner, nowMs, leaseUntilMs });
  }

  /** What has not been tried is the dispatchers' at once: nothing is gained by the head start any more. */
  async leave(notificationId: string, untried: readonly ClaimedDelivery[]): Promise<void> {
    if (untried.length > 0) await this.repository.releaseUntried(untried, this.owner);
    const destinationIds = await this.transactions.run(async (manager) => {
      const left = await manager.find(Delivery, {
        select: { id: true, destinationId: true },
        where: {
          notificationId,
          id: idsOfTheTimeOf(notificationId),
          state: 'pending',
          attempts: 0,
          leaseOwner: IsNull(),
        },
      });
      if (left.length > 0) {
        const untouched = {
          id: In(left.map(({ id }) => id)),
          state: 'pending' as const,
          attempts: 0,
          leaseOwner: IsNull(),
        };
        await manager.update(Delivery, untouched, { dueAtMs: this.clock.nowMs() });
      }
      return left.map(({ destinationId }) => destinationId);
    });
    if (destinationIds.length > 0) this.events.emit('due', [...new Set(destinationIds)]);
  }
}

/** A delivery's id begins with the notification's 48 bits of time: no other partition is looked into. */
function idsOfTheTimeOf(notificationId: string): ReturnType<typeof Between<string>> {
  const time = notificationId.slice(0, 13);
  return Between(`${time}-0000-0000-000000000000`, `${time}-ffff-ffff-ffffffffffff`);
}
