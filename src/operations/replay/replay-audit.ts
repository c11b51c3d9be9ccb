import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import { retryConflicts } from '../../database/retry-conflicts.js';
import { Destination } from '../../registry/entities/destination.entity.js';
import { RegistryTransactions } from '../../registry/registry-transactions.js';
import type { Actor } from '../audit/actor.js';
import type { BulkReplayRequest } from './bulk-replay-request.js';

/** Who has sent what again. */
@Injectable()
export class ReplayAudit {
  constructor(
    private readonly transactions: RegistryTransactions,
    private readonly log: AuditLog,
  ) {}

  /** @param replay returns the destination, where there is something to send */
  ofOne(
    id: string,
    actor: Actor,
    replay: (manager: EntityManager) => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const inTransaction = async (manager: EntityManager): Promise<string | undefined> => {
      const destinationId = await replay(manager);
      if (destinationId === undefined) return undefined;
      const { merchantGatewayId } = await manager.findOneByOrFail(Destination, { id: destinationId });
      const target = `/operations/deliveries/${id}`;
      await this.log.write(manager, actor, { action: 'delivery.replay', merchantGatewayId, target });
      return destinationId;
    };
    return retryConflicts(() => this.transactions.run(inTransaction));
  }

  /** Before the first is sent again: many are replayed in many transactions, and none of them without this entry. */
  ofMany(request: BulkReplayRequest, actor: Actor): Promise<void> {
    const { merchantGatewayId } = request;
    const change = { action: 'delivery.replay-many', merchantGatewayId, target: '/operations/deliveries' };
    return this.transactions.run((manager) => this.log.write(manager, actor, { ...change, after: request }));
  }
}
