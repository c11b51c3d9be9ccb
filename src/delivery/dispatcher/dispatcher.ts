import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { describeCause } from '../../http/log-error.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import { DestinationDirectory, type KnownDestination } from '../destinations/destination-directory.js';
import { DeliveriesRepository, type ClaimedDelivery } from '../repository/deliveries.repository.js';
import { Deliverer } from './deliverer.js';
import { Lanes } from './lanes.js';

/** How often is looked for what no event tells: retries that fall due, leases that ran out, work of other instances. */
const SWEEP_MS = 1000;

/** On top of the longest try, for its record. */
const LEASE_MARGIN_MS = 10_000;

/**
 * Takes deliveries that are due to their destinations. It is woken for new work, claims for one destination after the
 * other, as much as each may be given now, and never holds one up for another.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly owner = randomUUID();
  private readonly logger = new Logger(Dispatcher.name);
  /** Destinations for which something may be due, in the order in which they are looked after. */
  private readonly waiting = new Set<string>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly wake = (destinationIds: readonly string[]): void => this.expect(destinationIds);
  private timer: NodeJS.Timeout | undefined;
  private claiming = false;

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly directory: DestinationDirectory,
    private readonly deliverer: Deliverer,
    private readonly lanes: Lanes,
    private readonly events: IntakeEvents,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.repository.freeOrphanedLeases();
    this.events.on('due', this.wake);
    this.timer = setInterval(() => void this.sweep(), SWEEP_MS);
    void this.sweep();
  }

  /** Claims nothing more, ends what is in flight within its deadline, and leaves the rest to others at once. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.events.off('due', this.wake);
    this.waiting.clear();
    this.stopping.abort();
    await Promise.all(this.inFlight);
    await this.repository
      .freeLeasesOf(this.owner)
      .catch((error: unknown) => this.report('Leases were not given up', error));
  }

  /** Looks for everything that is due. */
  async sweep(): Promise<void> {
    const nowMs = this.clock.nowMs();
    try {
      await this.repository.freeExpiredLeases(nowMs);
      this.expect(await this.repository.destinationsWithDue(nowMs));
    } catch (error) {
      this.report('What is due was not found', error);
    }
  }

  private expect(destinationIds: readonly string[]): void {
    if (this.stopping.signal.aborted) return;
    for (const id of destinationIds) this.waiting.add(id);
    void this.claimAll();
  }

  /** One pass at a time; what is woken meanwhile is in `waiting` and taken by the same pass. */
  private async claimAll(): Promise<void> {
    if (this.claiming) return;
    this.claiming = true;
    try {
      for (const destinationId of this.waiting) {
        if (this.inFlight.size >= this.config.delivery.concurrency) break;
        this.waiting.delete(destinationId);
        await this.claimFor(destinationId);
      }
    } catch (error) {
      this.report('Deliveries were not claimed', error);
    } finally {
      this.claiming = false;
    }
  }

  private async claimFor(destinationId: string): Promise<void> {
    const destination = await this.directory.find(destinationId);
    if (!destination) return;
    const nowMs = this.clock.nowMs();
    if (destination.disabled) {
      await this.repository.disableDestination(destinationId, 'The destination is disabled', nowMs);
      return;
    }
    const limit = Math.min(
      this.lanes.of(destination).free(nowMs),
      this.config.delivery.concurrency - this.inFlight.size,
    );
    if (limit < 1 || this.stopping.signal.aborted) return;
    const claim = { owner: this.owner, nowMs, leaseUntilMs: nowMs + this.leaseMs() };
    const claimed = await this.repository.claimDue(destinationId, limit, claim);
    if (claimed.length === limit) this.waiting.add(destinationId);
    for (const delivery of claimed) this.begin(delivery, destination);
  }

  private begin(delivery: ClaimedDelivery, destination: KnownDestination): void {
    const ended = this.deliver(delivery, destination)
      .catch((error: unknown) => this.report('A try went wrong', error))
      .finally(() => {
        this.inFlight.delete(ended);
        // Its place is free, and the token's next may go.
        this.expect([destination.id]);
      });
    this.inFlight.add(ended);
  }

  private async deliver(delivery: ClaimedDelivery, destination: KnownDestination): Promise<void> {
    const signal = AbortSignal.timeout(this.leaseMs() - LEASE_MARGIN_MS);
    const lane = this.lanes.of(destination);
    await lane.run(() => this.deliverer.deliver(delivery, this.owner, signal), this.clock.nowMs());
  }

  private leaseMs(): number {
    const { handlerTimeoutMs, webhookTimeoutMs } = this.config.delivery;
    return Math.max(handlerTimeoutMs, webhookTimeoutMs) + LEASE_MARGIN_MS;
  }

  private report(msg: string, error: unknown): void {
    this.logger.error({ msg, cause: describeCause(error) });
  }
}
