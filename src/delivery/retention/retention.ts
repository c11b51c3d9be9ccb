import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { describeCause } from '../../http/log-error.js';
import { RetentionRepository } from './retention.repository.js';

const ROUND_MS = 600_000;
const DAY_MS = 86_400_000;

/**
 * Every ten minutes, in whichever instance is first: makes the partitions that will be needed, and ends what is older than
 * `RETENTION_DAYS`.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly repository: RetentionRepository,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.size === 0) return;
    this.timer = setInterval(() => void this.keepUp(), ROUND_MS);
    void this.keepUp();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    await this.running;
  }

  /** Resolves at the end of a round, be it one that had begun before. */
  keepUp(): Promise<void> {
    this.running ??= this.round().finally(() => (this.running = undefined));
    return this.running;
  }

  private async round(): Promise<void> {
    const { retentionDays } = this.config;
    const nowMs = this.clock.nowMs();
    const keptFromMs = retentionDays === 0 ? undefined : nowMs - retentionDays * DAY_MS;
    try {
      const { made, dropped, deleted } = await this.repository.keepUp({ nowMs, keptFromMs, signal: this.stop.signal });
      if (made.length + dropped.length + deleted > 0) this.logger.log({ msg: 'Upkeep', made, dropped, deleted });
    } catch (error) {
      // What finds no partition goes by default, and the next round tries again.
      this.logger.warn({ msg: 'Upkeep was not finished', cause: describeCause(error) });
    }
  }
}
