import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import type { Claim } from '../repository/deliveries.repository.js';
import { withDeadline } from './with-deadline.js';

/** On top of the longest try, for its record. */
const MARGIN_MS = 10_000;

/** What this instance's dispatcher claims under: its name, and for how long. */
@Injectable()
export class Leases {
  readonly owner = randomUUID();

  constructor(
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

  private get longestTryMs(): number {
    const { handlerTimeoutMs, webhookTimeoutMs } = this.config.delivery;
    return Math.max(handlerTimeoutMs, webhookTimeoutMs);
  }
}
