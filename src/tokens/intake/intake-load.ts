import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../../config/gateway-config.js';
import { LoadShedding } from './load-shedding.js';

/** How long a look at the event loop takes. */
const WINDOW_MS = 100;
/** Share of it that the event loop was at work. */
const BUSY = 0.9;
/** So many calls in a batch, on average: as many come while one is written. */
const CROWDED_BATCH = 8;
/** Fewer calls are no reason to hold anything back. */
const CALLS_PER_MS = 0.2;

/** How much the intake has under way: what waits for its commit, not for a merchant on relay. */
@Injectable()
export class IntakeLoad {
  private readonly shedding: LoadShedding;
  private utilization = performance.eventLoopUtilization();
  private lookedAtMs = performance.now();
  private taken = 0;
  private takenBefore = 0;
  private saturated = false;
  /** Batches that have ended in this look, and the calls in them. */
  private batches = 0;
  private written = 0;

  constructor({ intake }: GatewayConfig) {
    this.shedding = new LoadShedding({ maxWaitMs: intake.queueWaitMs, alwaysTaken: intake.batchSize });
  }

  /** Whether one more would have to wait longer than `INTAKE_QUEUE_WAIT_MS`. */
  get isOver(): boolean {
    return this.shedding.isOver(performance.now());
  }

  /**
   * Whether this process had hardly a pause lately, or its database none, for which it only waits where that is PostgreSQL; and
   * it took calls meanwhile. Whoever can wait, should.
   */
  get isSaturated(): boolean {
    const elapsedMs = performance.now() - this.lookedAtMs;
    if (elapsedMs >= WINDOW_MS) {
      const { utilization } = performance.eventLoopUtilization(this.utilization);
      const isCrowded = this.batches > 0 && this.written >= CROWDED_BATCH * this.batches;
      this.saturated =
        (utilization >= BUSY || isCrowded) && (this.taken - this.takenBefore) / elapsedMs >= CALLS_PER_MS;
      this.batches = 0;
      this.written = 0;
      this.utilization = performance.eventLoopUtilization();
      this.lookedAtMs += elapsedMs;
      this.takenBefore = this.taken;
    }
    return this.saturated;
  }

  /** How many calls have been taken since the start. */
  get calls(): number {
    return this.taken;
  }

  /** Obliges to call `end`, however it ends. */
  begin(): void {
    this.taken += 1;
    this.shedding.begin(performance.now());
  }

  /** A batch of so many has been answered, or refused by the database. */
  end(calls: number): void {
    this.batches += 1;
    this.written += calls;
    this.shedding.end(performance.now(), calls);
  }
}
