import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { RegistryTransactions } from '../../registry/registry-transactions.js';
import { FailedNotification } from '../../tokens/entities/failed-notification.entity.js';
import { Notification } from '../../tokens/entities/notification.entity.js';
import { UnmatchedNotification } from '../../tokens/entities/unmatched-notification.entity.js';
import type { Actor } from '../audit/actor.js';
import { AuditLog } from '../../audit/audit-log.js';

/** What is known of failed notifications, and what became of them. */
@Injectable()
export class FailedReplayMarks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: RegistryTransactions,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  read(id: string): Promise<FailedNotification> {
    return this.dataSource.manager.findOneByOrFail(FailedNotification, { id });
  }

  /** As a notification, or as one for a token that is not registered. */
  async isRecorded(id: string): Promise<boolean> {
    const { manager } = this.dataSource;
    return (await manager.existsBy(Notification, { id })) || manager.existsBy(UnmatchedNotification, { id });
  }

  async mark(id: string, merchantGatewayId: string, actor: Actor): Promise<void> {
    await this.transactions.run(async (manager) => {
      const { replayedAtMs } = await manager.findOneByOrFail(FailedNotification, { id });
      if (replayedAtMs !== null) return;
      await manager.update(FailedNotification, { id }, { replayedAtMs: this.clock.nowMs() });
      const target = `/operations/failed/${id}`;
      await this.audit.write(manager, actor, { action: 'failed-notification.replay', merchantGatewayId, target });
    });
  }
}
