import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { Transactions } from '../../database/transactions.js';
import { describeCause } from '../../http/log-error.js';
import { ClientSecret } from './client-secret.entity.js';

/** No secret's use is written more often. */
const INTERVAL_MS = 60_000;
/** Uses that are noted together are written together. */
const WRITE_DELAY_MS = 500;

/** Keeps when each secret was last right. Whoever uses one waits for nothing, and a use that is lost is no loss. */
@Injectable()
export class SecretUses implements BeforeApplicationShutdown {
  private readonly logger = new Logger(SecretUses.name);
  private readonly writtenAtMs = new Map<string, number>();
  private readonly pending = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  note(secretId: string): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - (this.writtenAtMs.get(secretId) ?? Number.NEGATIVE_INFINITY) < INTERVAL_MS) return;
    this.writtenAtMs.set(secretId, nowMs);
    this.pending.set(secretId, nowMs);
    this.timer ??= setTimeout(() => void this.write(), WRITE_DELAY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.write();
  }

  private async write(): Promise<void> {
    this.timer = undefined;
    const uses = [...this.pending];
    this.pending.clear();
    if (uses.length === 0) return;
    try {
      await this.transactions.run(async (manager) => {
        for (const [id, lastUsedAtMs] of uses) await manager.update(ClientSecret, { id }, { lastUsedAtMs });
      });
    } catch (error) {
      this.logger.warn({ msg: 'Uses of secrets were not recorded', cause: describeCause(error) });
    }
  }
}
