import { Injectable, Logger } from '@nestjs/common';
import { GatewayConfig, type Engine } from '../../config/gateway-config.js';
import { isTransient } from '../../database/failure-class.js';
import { Unavailable } from '../../errors/common-errors.js';
import { describeCause } from '../../http/log-error.js';
import type { IncomingCall } from '../incoming-call.js';
import { IntakeEvents } from './intake-events.js';
import { NotificationsRepository, type Recorded } from '../repository/notifications.repository.js';
import { Batcher } from './batcher.js';

export type IntakeResult = Recorded | { readonly kind: 'failed'; readonly cause: string };

/** SQLite has one writer; PostgreSQL commits several batches in the time of one. */
const CONCURRENT_BATCHES: Readonly<Record<Engine, number>> = { sqlite: 1, postgres: 4 };

/** Records calls in batches, and keeps one that cannot be recorded from spoiling its neighbours'. */
@Injectable()
export class Intake {
  private readonly logger = new Logger(Intake.name);
  private readonly batcher: Batcher<IncomingCall, IntakeResult>;

  constructor(
    private readonly repository: NotificationsRepository,
    private readonly events: IntakeEvents,
    { intake, database }: GatewayConfig,
  ) {
    this.batcher = new Batcher((calls) => this.write(calls), {
      maxItems: intake.batchSize,
      maxConcurrent: CONCURRENT_BATCHES[database.engine],
      maxWaiting: intake.queueLimit,
    });
  }

  /**
   * Resolves when the call is on disk, in whatever form.
   *
   * @throws Unavailable when it is not: the queue is full, or the database did not take it
   */
  async record(call: IncomingCall): Promise<IntakeResult> {
    if (this.batcher.isFull) throw new Unavailable({ detail: 'The intake queue is full' });
    return this.batcher.add(call);
  }

  private async write(calls: readonly IncomingCall[]): Promise<readonly IntakeResult[]> {
    try {
      const { results, dueDestinations } = await this.repository.recordBatch(calls);
      if (dueDestinations.length > 0) this.events.emit('due', dueDestinations);
      return results;
    } catch (error) {
      if (isTransient(error)) throw this.notCommitted(error, calls.length);
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
    const cause = error instanceof Error ? error.message : 'unknown';
    try {
      await this.repository.recordFailed(call, cause);
    } catch (again) {
      throw this.notCommitted(again, 1);
    }
    return { kind: 'failed', cause };
  }

  private notCommitted(error: unknown, calls: number): Unavailable {
    this.logger.error({ msg: 'A batch was not committed', calls, cause: describeCause(error) });
    return new Unavailable({ detail: 'The batch was not committed' });
  }
}
