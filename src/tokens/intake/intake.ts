import { Injectable, Logger } from '@nestjs/common';
import { GatewayConfig, type Engine } from '../../config/gateway-config.js';
import { isTransient } from '../../database/failure-class.js';
import { Unavailable } from '../../errors/common-errors.js';
import { ConnectionBurst } from '../../http/connection-burst.js';
import { describeCause } from '../../http/log-error.js';
import { maskPan } from '../../privacy/mask-pan.js';
import type { IncomingCall } from '../incoming-call.js';
import { IntakeEvents } from './intake-events.js';
import { IntakeLoad } from './intake-load.js';
import type { IntakeResult } from './intake-result.js';
import { NotificationsRepository } from '../repository/notifications.repository.js';
import { Batcher } from './batcher.js';

/** SQLite has one writer; PostgreSQL commits several batches in the time of one. */
const CONCURRENT_BATCHES: Readonly<Record<Engine, number>> = { sqlite: 1, postgres: 4 };

/**
 * PostgreSQL is another process, on another core: it can begin with these while the turn's other calls are still being read. At 256
 * connections that made the intake a fifth faster (9,961 → 11,829 a second, 16 rounds in turn) and at 64 no difference; with fewer,
 * each batch's own cost is felt.
 */
const ENOUGH_FOR_A_BATCH: Readonly<Partial<Record<Engine, number>>> = { postgres: 32 };

/** Records calls in batches, and keeps one that cannot be recorded from spoiling its neighbours'. */
@Injectable()
export class Intake {
  private readonly logger = new Logger(Intake.name);
  private readonly batcher: Batcher<IncomingCall, IntakeResult>;

  constructor(
    private readonly repository: NotificationsRepository,
    private readonly events: IntakeEvents,
    private readonly load: IntakeLoad,
    burst: ConnectionBurst,
    { intake, database: { engine } }: GatewayConfig,
  ) {
    const enoughItems = ENOUGH_FOR_A_BATCH[engine];
    this.batcher = new Batcher((calls) => this.writeAndCount(calls), {
      maxItems: intake.batchSize,
      maxConcurrent: CONCURRENT_BATCHES[engine],
      maxWaiting: intake.queueLimit,
      ...(enoughItems !== undefined && { enoughItems }),
      isHeldBack: () => burst.isOn(performance.now()),
    });
  }

  /**
   * Resolves when the call is on disk, in whatever form.
   *
   * @throws Unavailable when it is not: the queue is full, or the database did not take it
   */
  record(call: IncomingCall): Promise<IntakeResult> {
    if (this.batcher.isFull) return Promise.reject(new Unavailable({ detail: 'The intake queue is full' }));
    this.load.begin();
    return this.batcher.add(call);
  }

  private async writeAndCount(calls: readonly IncomingCall[]): Promise<readonly IntakeResult[]> {
    try {
      return await this.write(calls);
    } finally {
      this.load.end(calls.length);
    }
  }

  private async write(calls: readonly IncomingCall[]): Promise<readonly IntakeResult[]> {
    const startedMs = performance.now();
    try {
      const { results, dueDestinations } = await this.repository.recordBatch(calls);
      this.events.emit('committed', results, performance.now() - startedMs, calls);
      if (dueDestinations.length > 0) this.events.emit('due', dueDestinations);
      return results;
    } catch (error) {
      if (isTransient(error)) throw this.notCommitted(error, calls, startedMs);
      const [only, ...others] = calls;
      if (!only || others.length === 0) return only ? [await this.keepFailed(only, error)] : [];
      return this.writeOneByOne(calls);
    }
  }

  /** One call of the batch cannot be recorded: which one shows when each is tried alone. */
  private async writeOneByOne(calls: readonly IncomingCall[]): Promise<readonly IntakeResult[]> {
    const results: IntakeResult[] = [];
    for (const call of calls) results.push(...(await this.write([call])));
    return results;
  }

  private async keepFailed(call: IncomingCall, error: unknown): Promise<IntakeResult> {
    const failed: IntakeResult = { kind: 'failed', cause: error instanceof Error ? maskPan(error.message) : 'unknown' };
    const startedMs = performance.now();
    try {
      await this.repository.recordFailed(call, failed.cause);
    } catch (again) {
      throw this.notCommitted(again, [call], startedMs);
    }
    this.events.emit('committed', [failed], performance.now() - startedMs, [call]);
    return failed;
  }

  private notCommitted(error: unknown, calls: readonly IncomingCall[], startedMs: number): Unavailable {
    this.events.emit('notCommitted', calls, performance.now() - startedMs);
    this.logger.error({ msg: 'A batch was not committed', calls: calls.length, cause: describeCause(error) });
    return new Unavailable({ detail: 'The batch was not committed' });
  }
}
