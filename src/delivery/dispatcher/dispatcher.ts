import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { describeCause } from '../../http/log-error.js';
import { DISABLED } from '../../tokens/repository/notifications.repository.js';
import type { TryResult } from '../destinations/destination-sender.js';
import { DeliveriesRepository, type ClaimedDelivery } from '../repository/deliveries.repository.js';
import { Deliverer } from './deliverer.js';
import type { Lane } from './lane.js';
import { Lanes } from './lanes.js';
import { Leases } from './leases.js';
import { WakeUps } from './wake-ups.js';

/** Destinations that are claimed for at the same time: on SQLite they share a commit, on PostgreSQL they are connections. */
const CLAIMS_AT_A_TIME = 8;

/** While the intake holds deliveries back, nothing tells when some may begin. */
const HELD_BACK_MS = 10;

/**
 * Takes deliveries that are due to their destinations. It is woken for new work, claims for one destination after the
 * other, as much as each may be given now, and never holds one up for another.
 */
@Injectable()
export class Dispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Dispatcher.name);
  /** Destinations for which something may be due, in the order in which they are looked after. */
  private readonly waiting = new Set<string>();
  private readonly inFlight = new Set<Promise<void>>();
  /** Room for what is being claimed. */
  private reserved = 0;
  private looking: Promise<readonly string[]> | undefined;
  private pass: Promise<void> | undefined;
  private stopping = false;
  private heldBack: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: DeliveriesRepository,
    private readonly deliverer: Deliverer,
    private readonly lanes: Lanes,
    private readonly leases: Leases,
    private readonly wakeUps: WakeUps,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const look = (): void => {
      if (!this.looking) void this.sweep();
    };
    if (!this.wakeUps.start({ due: (destinationIds) => void this.expect(destinationIds), look })) return;
    await this.leases.endOrphaned();
    look();
  }

  /** Claims nothing more, ends what is in flight within its deadline, and leaves the rest to others at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.wakeUps.stop();
    this.stopping = true;
    clearTimeout(this.heldBack);
    this.waiting.clear();
    await this.looking;
    await this.pass;
    await Promise.all(this.inFlight);
    await this.leases.freeOwn().catch((error: unknown) => this.report('Leases were not given up', error));
  }

  /** Looks for everything that is due, and claims what may be tried now. */
  async sweep(): Promise<void> {
    while (this.looking) await this.looking;
    if (this.stopping) return;
    this.looking = this.look().finally(() => (this.looking = undefined));
    await this.expect(await this.looking);
  }

  private async look(): Promise<readonly string[]> {
    try {
      await this.leases.endExpired();
      await this.repository.bringForward(this.leases.nowMs());
      return await this.repository.destinationsWithDue(this.leases.nowMs());
    } catch (error) {
      this.report('What is due was not found', error);
      return [];
    }
  }

  /** Resolves when all that may be tried now is claimed. */
  private async expect(destinationIds: readonly string[]): Promise<void> {
    if (this.stopping) return;
    for (const id of destinationIds) this.waiting.add(id);
    // One pass at a time; what is woken meanwhile is in `waiting` and taken by the same pass.
    this.pass ??= this.claimAll().finally(() => (this.pass = undefined));
    await this.pass;
  }

  private async claimAll(): Promise<void> {
    try {
      while (!this.stopping && this.waiting.size > 0 && this.room > 0) {
        const next = [...this.waiting].slice(0, CLAIMS_AT_A_TIME);
        for (const destinationId of next) this.waiting.delete(destinationId);
        await Promise.all(next.map((destinationId) => this.claimFor(destinationId)));
      }
      if (this.waiting.size > 0 && this.lanes.areHeldBack) this.askAgainSoon();
    } catch (error) {
      this.report('Deliveries were not claimed', error);
    }
  }

  private askAgainSoon(): void {
    if (this.stopping) return;
    this.heldBack ??= setTimeout(() => {
      this.heldBack = undefined;
      void this.expect([]);
    }, HELD_BACK_MS);
  }

  private async claimFor(destinationId: string): Promise<void> {
    const found = await this.lanes.find(destinationId);
    if (!found || this.stopping) return;
    const { destination, lane } = found;
    const claim = this.leases.claim();
    if (destination.disabled) {
      await this.repository.cancelPendingOfDisabled(destinationId, DISABLED, claim.nowMs);
      return;
    }
    if (destination.paused) return;
    const free = lane.free(claim.nowMs);
    const limit = Math.min(free, this.room);
    if (limit < 1) {
      // Looked after when something ends: of its receiver, or of any.
      if (free < 1) lane.circuit.wait(destinationId);
      else this.waiting.add(destinationId);
      return;
    }
    this.reserve(limit, lane);
    const claimed = await this.repository.claimDue(destination, limit, claim).finally(() => this.reserve(-limit, lane));
    this.lanes.begin(claimed.length);
    if (this.stopping) {
      await this.giveUp(claimed);
      return;
    }
    // There may be more than this time was asked for.
    if (claimed.length === limit) this.waiting.add(destinationId);
    else this.wakeNextOf(lane);
    for (const delivery of claimed) this.begin(delivery, lane);
  }

  private reserve(places: number, lane: Lane): void {
    this.reserved += places;
    lane.circuit.reserve(places);
    this.lanes.begin(places);
  }

  private get room(): number {
    return this.lanes.room(this.inFlight.size + this.reserved);
  }

  private begin(delivery: ClaimedDelivery, lane: Lane): void {
    const ended = this.try(delivery, lane)
      .catch((error: unknown) => this.report('A try went wrong', error))
      .finally(() => {
        this.inFlight.delete(ended);
        // Its place is free for another destination of the same handler, and the token's next may go.
        this.wakeNextOf(lane);
        void this.expect([delivery.destinationId]);
      });
    this.inFlight.add(ended);
  }

  private wakeNextOf({ circuit }: Lane): void {
    const next = circuit.next();
    if (next !== undefined) void this.expect([next]);
  }

  private async try(delivery: ClaimedDelivery, lane: Lane): Promise<void> {
    const { leases } = this;
    const make = (): Promise<TryResult> =>
      leases.withinLease((signal) => this.deliverer.deliver(delivery, leases.owner, signal));
    const result = await lane.run(make, leases.nowMs());
    if (!result) await this.giveUp([delivery]);
  }

  /** What was claimed and not tried is as it was before. */
  private async giveUp(deliveries: readonly ClaimedDelivery[]): Promise<void> {
    await this.repository.releaseUntried(deliveries, this.leases.owner);
  }

  private report(msg: string, error: unknown): void {
    this.logger.error({ msg, cause: describeCause(error) });
  }
}
