import { Injectable } from '@nestjs/common';
import { conditionsOf, type Conditions } from '../repository/conditions.js';
import { Statements } from '../repository/statements.js';

export interface AuditFilter {
  readonly merchantGateways: readonly string[];
  readonly clientId?: string;
  readonly action?: string;
  readonly fromMs?: number;
  /** Not included. */
  readonly toMs?: number;
  readonly olderThan?: string;
}

export interface AuditRow {
  readonly id: string;
  readonly atMs: number | string;
  readonly clientId: string;
  readonly remoteAddress: string;
  readonly correlationId: string;
  readonly action: string;
  readonly merchantGatewayId: string | null;
  readonly target: string;
  readonly before: string | null;
  readonly after: string | null;
}

const CONDITIONS: Conditions<AuditFilter> = {
  clientId: 'a.client_id = :clientId',
  action: 'a.action = :action',
  fromMs: 'a.at_ms >= :fromMs',
  toMs: 'a.at_ms < :toMs',
  olderThan: 'a.id < :olderThan',
};

@Injectable()
export class AuditRepository {
  constructor(private readonly statements: Statements) {}

  /** Newest first. @param deploymentWide whether what concerns no single merchant gateway is wanted, too */
  find(filter: AuditFilter, deploymentWide: boolean, limit: number): Promise<AuditRow[]> {
    return this.statements.read(
      `select a.id as "id", a.at_ms as "atMs", a.client_id as "clientId", a.remote_address as "remoteAddress",
              a.correlation_id as "correlationId", a.action as "action", a.merchant_gateway_id as "merchantGatewayId",
              a.target as "target", a.before as "before", a.after as "after"
       from audit_entries a
       where (a.merchant_gateway_id in (:...merchantGateways) ${deploymentWide ? 'or a.merchant_gateway_id is null' : ''})
         ${conditionsOf(CONDITIONS, filter)}
       order by a.id desc limit :limit`,
      { ...filter, limit },
    );
  }
}
