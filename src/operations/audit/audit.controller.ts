import { Controller, Get, UseFilters, UseGuards } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { CheckedQuery } from '../http/checked.js';
import { olderThan } from '../http/page-query.js';
import { pageOf } from '../http/page.js';
import { msOf } from '../http/request-fields.js';
import { ProblemFilter } from '../problem.filter.js';
import { visibleGateways } from '../repository/visible-gateways.js';
import { auditItem, AuditPage } from './audit-item.js';
import { AuditQuery } from './audit-query.js';
import { AuditRepository } from './audit.repository.js';

/** Operators look who changed what. */
@Controller('operations/audit')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class AuditController {
  constructor(private readonly repository: AuditRepository) {}

  @Get()
  @ApiOperatorRoute({
    operationId: 'listAuditEntries',
    summary: 'Who changed what',
    description:
      'Changes of the caller’s merchant gateways, newest first, page by page. Those that concern the whole deployment (clients, signing keys) are for clients of every merchant gateway.',
    reads: true,
    type: AuditPage,
    answer: 'A page of them.',
    refusals: { 400: 'limit must be a whole number from 1 to 500' },
  })
  async find(@CheckedQuery(AuditQuery) query: AuditQuery, @CurrentCaller() caller: Caller): Promise<AuditPage> {
    const { merchantGatewayId, clientId, action, from, to, limit } = query;
    const filter = {
      merchantGateways: visibleGateways(caller, merchantGatewayId),
      clientId,
      action,
      fromMs: msOf(from),
      toMs: msOf(to),
      olderThan: olderThan(query),
    };
    const deploymentWide = caller.isUnlimited === true && merchantGatewayId === undefined;
    const rows = await this.repository.find(filter, deploymentWide, limit + 1);
    return pageOf(rows.map(auditItem), limit);
  }
}
