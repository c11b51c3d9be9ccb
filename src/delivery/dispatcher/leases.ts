import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { DeliveriesRepository, type Claim, type LostTry } from '../repository/deliveries.repository.js';
import { lostSettlement, type LostSituation } from '../retry/lost-settlement.js';
import { withDeadline } from './with-deadline.js';

/** On top of the longest try, for its record. */
const MARGIN_MS = 10_000;

/** What this instance's dispatcher claims under: its name, and for how long. And the end of leases that nobody ends. */
@Injectable()
export class Leases {
  readonly owner = randomUUID();
  private readonly logger = new Logger(Leases.name);

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
  ) {}

  nowMs(): number {
    return this.clock.nowMs();
  }

  claim(): Claim {
    const nowMs = this.clock.nowMs();
    return { owner: this.owner, nowMs, leaseUntilMs: nowMs + this.longestTryMs + MARGIN_MS };
  }

  /** Makes a try under a signal that is aborted before the lease could run out ahead of the record. */
  withinLease<T>(make: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(this.longestTryMs, make);
  }

  /** Ends the tries of dispatchers that are taken to be dead. */
  async endExpired(): Promise<void> {
    await this.end(await this.repository.findLost(this.nowMs()));
  }

  /** At start: ends the tries of a former run. */
  async endOrphaned(): Promise<void> {
    await this.end(await this.repository.findOrphaned());
  }

  /** So that others may have at once what this instance has claimed and not tried. */
  async freeOwn(): Promise<void> {
    await this.repository.freeLeasesOf(this.owner);
  }

  private async end(lost: readonly LostTry[]): Promise<void> {
    if (lost.length === 0) return;
    this.logger.warn({ msg: 'Tries were lost, and are made again', tries: lost.length });
    const { retryScheduleSeconds: scheduleSeconds } = this.config.delivery;
    const nowMs = this.nowMs();
    const situation = (): LostSituation => ({ nowMs, scheduleSeconds, random: Math.random() });
    await this.repository.settleLost(lost.map((one) => lostSettlement(one, situation())));
  }

  private get longestTryMs(): number {
    const { handlerTimeoutMs, webhookTimeoutMs } = this.config.delivery;
    return Math.max(handlerTimeoutMs, webhookTimeoutMs);
  }
}
