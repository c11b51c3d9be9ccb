import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../clock/clock.js';
import { maskPan, maskPanInJson } from '../privacy/mask-pan.js';
import type { AuditActor } from './audit-actor.js';
import { AuditEntry } from './audit-entry.entity.js';

/** One change. What stands before and after holds no secrets. */
export interface AuditedChange {
  readonly action: string;
  readonly merchantGatewayId: string | null;
  readonly target: string;
  readonly before?: object | undefined;
  readonly after?: object | undefined;
}

@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  /** In the transaction of the change itself: there is neither without the other. */
  async write(
    manager: EntityManager,
    actor: AuditActor,
    { target, before, after, ...change }: AuditedChange,
  ): Promise<void> {
    const atMs = this.clock.nowMs();
    await manager.insert(AuditEntry, {
      // In the order of the changes, which a time given to it would not be within its millisecond.
      id: uuidv7(),
      atMs,
      clientId: actor.clientId ?? '',
      remoteAddress: actor.remoteAddress,
      correlationId: actor.correlationId,
      ...change,
      target: maskPan(target),
      before: before ? maskPanInJson(JSON.stringify(before)) : null,
      after: after ? maskPanInJson(JSON.stringify(after)) : null,
    });
  }
}
