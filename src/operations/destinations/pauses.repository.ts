import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.js';
import { RegistryTransactions } from '../../registry/registry-transactions.js';
import { Destination } from '../../registry/entities/destination.entity.js';
import type { Actor } from '../audit/actor.js';
import { merchantTarget } from '../registry/registry-path.js';
import { isoTimeOrNull } from '../search/iso-time.js';

@Injectable()
export class PausesRepository {
  constructor(
    private readonly transactions: RegistryTransactions,
    private readonly audit: AuditLog,
  ) {}

  /** @returns whether there was something to change: a pause keeps its beginning */
  set(merchantGateways: readonly string[], id: string, pausedAtMs: number | null, actor: Actor): Promise<boolean> {
    return this.transactions.run(async (manager) => {
      const where = { id, merchantGatewayId: In(merchantGateways), deletedAtMs: IsNull() };
      const found = await manager.findOneBy(Destination, where);
      if (!found || (found.pausedAtMs === null) === (pausedAtMs === null)) return false;
      await manager.update(Destination, { id }, { pausedAtMs });
      await this.audit.write(manager, actor, {
        action: pausedAtMs === null ? 'destination.resume' : 'destination.pause',
        merchantGatewayId: found.merchantGatewayId,
        target: `${merchantTarget(found)}/destinations/${found.name}`,
        before: { pausedAt: isoTimeOrNull(found.pausedAtMs) },
        after: { pausedAt: isoTimeOrNull(pausedAtMs) },
      });
      return true;
    });
  }
}
