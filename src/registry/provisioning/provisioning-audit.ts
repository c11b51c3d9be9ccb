import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { AuditActor } from '../../audit/audit-actor.js';
import { AuditLog } from '../../audit/audit-log.js';
import type { ParsedProvisionFile } from './parse-provision-file.js';
import type { PlannedChange } from './planned-change.js';
import type { ProvisionOptions } from './provision-options.js';
import { ProvisionPlan } from './provision-plan.js';

/** A file may declare a hundred thousand things; what it was is in the file. */
const MAX_TOLD = 200;

/** Writes down what a provisioning file changes, and nothing where it changes nothing: it is applied at every start. */
@Injectable()
export class ProvisioningAudit {
  constructor(
    private readonly plan: ProvisionPlan,
    private readonly log: AuditLog,
  ) {}

  /** In the transaction that applies it, before it does. */
  async write(
    manager: EntityManager,
    parsed: ParsedProvisionFile,
    { actor = atStart(), keepSecrets = false }: Pick<ProvisionOptions, 'actor' | 'keepSecrets'>,
  ): Promise<void> {
    const changes = await this.plan.of(parsed, keepSecrets);
    if (changes.length === 0) return;
    const after = { changes: changes.slice(0, MAX_TOLD).map(lineOf), total: changes.length };
    const change = { action: 'provisioning.apply', merchantGatewayId: null, target: '/registry', after };
    await this.log.write(manager, actor, change);
  }
}

/** Whoever has put the file there, and started the gateway, has done it. */
function atStart(): AuditActor {
  return { clientId: 'gateway:start', remoteAddress: 'local', correlationId: randomUUID() };
}

function lineOf({ kind, what, detail }: PlannedChange): string {
  return detail === undefined ? `${kind} ${what}` : `${kind} ${what}: ${detail}`;
}
