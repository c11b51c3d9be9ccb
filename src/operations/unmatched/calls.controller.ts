import { Controller, Get, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { CheckedQuery } from '../http/checked.js';
import { NOTIFICATION_ID } from '../http/identifiers.js';
import { pageOf } from '../http/page.js';
import { ProblemFilter } from '../problem.filter.js';
import { FailedItem, failedItem, FailedPage, unmatchedItem, UnmatchedPage } from './call-item.js';
import { callFilter, CallQuery } from './call-query.js';
import { CallSearchRepository } from './call-search.repository.js';
import { FailedReplayService } from './failed-replay.service.js';

const REFUSED_LIST = { 400: 'limit must be a whole number from 1 to 500' };

/** Operators look at what D1 sent in vain. */
@Controller('operations')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class CallsController {
  constructor(
    private readonly search: CallSearchRepository,
    private readonly replays: FailedReplayService,
  ) {}

  @Get('unmatched')
  @ApiOperatorRoute({
    operationId: 'listUnmatched',
    summary: 'Unmatched notifications',
    description:
      'Calls for merchants or tokens that are not registered, as long as they are not: registered, they go out. Newest first, page by page.',
    reads: true,
    type: UnmatchedPage,
    answer: 'A page of them.',
    refusals: REFUSED_LIST,
  })
  async unmatched(@CheckedQuery(CallQuery) query: CallQuery, @CurrentCaller() caller: Caller): Promise<UnmatchedPage> {
    const rows = await this.search.findUnmatched(callFilter(query, caller), query.limit + 1);
    return pageOf(rows.map(unmatchedItem), query.limit);
  }

  @Get('failed')
  @ApiOperatorRoute({
    operationId: 'listFailed',
    summary: 'Failed notifications',
    description: 'Calls that D1 was answered 500 `INTERNAL_ERROR` for. Newest first, page by page.',
    reads: true,
    type: FailedPage,
    answer: 'A page of them.',
    refusals: REFUSED_LIST,
  })
  async failed(@CheckedQuery(CallQuery) query: CallQuery, @CurrentCaller() caller: Caller): Promise<FailedPage> {
    const rows = await this.search.findFailed(callFilter(query, caller), query.limit + 1);
    return pageOf(rows.map(failedItem), query.limit);
  }

  @Post('failed/:id/replay')
  @HttpCode(200)
  @ApiParam({
    name: 'id',
    description: NOTIFICATION_ID.description,
    schema: { type: 'string', pattern: NOTIFICATION_ID.pattern.source, example: NOTIFICATION_ID.example },
  })
  @ApiOperatorRoute({
    operationId: 'replayFailed',
    summary: 'Record a failed notification after all',
    description: 'It becomes a notification, or an unmatched one, under the same id. Done again, it changes nothing.',
    type: FailedItem,
    answer: 'It is on disk.',
    refusals: { 404: 'There is no such failed notification', 409: 'It cannot be recorded' },
  })
  replay(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<FailedItem> {
    return this.replays.replay(id, actor);
  }
}
