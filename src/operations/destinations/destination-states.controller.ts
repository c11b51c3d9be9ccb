import { Controller, Get, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiParam, type ApiParamOptions } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { CheckedQuery } from '../http/checked.js';
import { DESTINATION_ID } from '../http/identifiers.js';
import { NoQueryGuard } from '../http/no-query.guard.js';
import { ProblemFilter } from '../problem.filter.js';
import { NamePageQuery } from '../registry/name-page.js';
import { DestinationStateItem, DestinationStatePage } from './destination-state-item.js';
import { DestinationStatesService } from './destination-states.service.js';

const destinationId: ApiParamOptions = {
  name: DESTINATION_ID.name,
  description: DESTINATION_ID.description,
  schema: { type: 'string', pattern: DESTINATION_ID.pattern.source, example: DESTINATION_ID.example },
};
const REFUSALS = { 400: 'verbose is not known', 404: 'There is no such destination' };

/** Operators look at destinations, pause them and let them go on. */
@Controller('operations/destinations')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class DestinationStatesController {
  constructor(private readonly states: DestinationStatesService) {}

  @Get()
  @ApiOperatorRoute({
    reads: true,
    operationId: 'listDestinationStates',
    summary: 'Destinations and how they do',
    description:
      'Those of the caller’s merchant gateways: whether updates reach them, what waits, what was given up. Page by page.',
    type: DestinationStatePage,
    answer: 'A page of them.',
    refusals: { 400: 'limit must be a whole number from 1 to 500' },
  })
  list(
    @CheckedQuery(NamePageQuery) query: NamePageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<DestinationStatePage> {
    return this.states.list(query, caller);
  }

  @Post(':id/pause')
  @UseGuards(NoQueryGuard)
  @HttpCode(200)
  @ApiParam(destinationId)
  @ApiOperatorRoute({
    operationId: 'pauseDestination',
    summary: 'Keep a destination’s deliveries waiting',
    description:
      'Nothing is lost: its deliveries pile up until it is resumed, those of merchants on relay, too. What is being tried ends. Other instances follow at once, or within 5 s where their notice gets lost.',
    type: DestinationStateItem,
    answer: 'It is paused.',
    refusals: REFUSALS,
  })
  pause(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<DestinationStateItem> {
    return this.states.pause(id, actor);
  }

  @Post(':id/resume')
  @UseGuards(NoQueryGuard)
  @HttpCode(200)
  @ApiParam(destinationId)
  @ApiOperatorRoute({
    operationId: 'resumeDestination',
    summary: 'Let a paused destination go on',
    description:
      'What has piled up goes out, each token’s updates in their order. One that is not paused stays as it is.',
    type: DestinationStateItem,
    answer: 'It is not paused.',
    refusals: REFUSALS,
  })
  resume(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<DestinationStateItem> {
    return this.states.resume(id, actor);
  }
}
