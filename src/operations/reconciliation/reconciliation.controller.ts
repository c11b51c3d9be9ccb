import { Controller, Get, UseFilters, UseGuards } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { CheckedQuery } from '../http/checked.js';
import { ProblemFilter } from '../problem.filter.js';
import { ReconciliationQuery } from './reconciliation-query.js';
import { ReconciliationReport } from './reconciliation-report.js';
import { ReconciliationService } from './reconciliation.service.js';

/** Operators prove that nothing is missing. */
@Controller('operations/reconciliation')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class ReconciliationController {
  constructor(private readonly reconciliation: ReconciliationService) {}

  @Get()
  @ApiOperatorRoute({
    operationId: 'reconcile',
    summary: 'Is anything missing?',
    description:
      'For every merchant: the accepted notifications, the deliveries they call for, what became of these, and the ids of whatever is unaccounted for, of which there must be none. A notification calls for a delivery to each destination that was there, and enabled, when it was accepted.',
    reads: true,
    type: ReconciliationReport,
    answer: 'The account.',
    refusals: {
      400: 'merchantGatewayId is not in the expected format',
      404: 'There is no such merchant gateway',
    },
  })
  reconcile(
    @CheckedQuery(ReconciliationQuery) query: ReconciliationQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<ReconciliationReport> {
    return this.reconciliation.reconcile(query, caller);
  }
}
