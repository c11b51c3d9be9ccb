import { Controller, Get, UseFilters, UseGuards } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { NoQueryGuard } from '../http/no-query.guard.js';
import { ProblemFilter } from '../problem.filter.js';
import { Overview } from './overview.js';
import { OverviewService } from './overview.service.js';

/** Operators look at how it goes. */
@Controller('operations/overview')
@UseGuards(OperatorGuard, NoQueryGuard)
@UseFilters(ProblemFilter)
export class OverviewController {
  constructor(private readonly service: OverviewService) {}

  @Get()
  @ApiOperatorRoute({
    reads: true,
    operationId: 'getOverview',
    summary: 'How it goes',
    description:
      'The last hour minute by minute, what waits and what was given up for each merchant, and what is unmatched, of the caller’s merchant gateways. It is what the console shows; it may be some seconds old.',
    type: Overview,
    answer: 'The account.',
    refusals: { 400: 'verbose is not known' },
  })
  overview(@CurrentCaller() caller: Caller): Promise<Overview> {
    return this.service.overview(caller);
  }
}
