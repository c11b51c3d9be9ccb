import { MERCHANT_GATEWAY_ID } from '@gateway/d1-contract';
import { Controller, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam } from '@nestjs/swagger';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { CheckedBody } from '../http/checked.js';
import { NoQueryGuard } from '../http/no-query.guard.js';
import { pathId } from '../http/path-id.js';
import { ProblemFilter } from '../problem.filter.js';
import { DeliveryItem } from '../search/delivery-item.js';
import { BulkReplayRequest, BulkReplayResult } from './bulk-replay-request.js';
import { ReplayService } from './replay.service.js';

/** One that any gateway takes: with every field filled in, none would match. */
const EXAMPLE = { merchantGatewayId: MERCHANT_GATEWAY_ID.example, state: 'dead' };

/** Operators send again. */
@Controller('operations/deliveries')
@UseGuards(OperatorGuard, NoQueryGuard)
@UseFilters(ProblemFilter)
export class ReplayController {
  constructor(private readonly replays: ReplayService) {}

  @Post('replay')
  @HttpCode(200)
  @ApiConsumes('application/json')
  @ApiBody({ type: BulkReplayRequest, examples: { dead: { summary: 'All that were given up', value: EXAMPLE } } })
  @ApiOperatorRoute({
    operationId: 'replayDeliveries',
    summary: 'Send many deliveries again',
    description:
      'All that match are pending again and due now, as with the replay of one. Those of disabled destinations are passed over.',
    type: BulkReplayResult,
    answer: 'How many there were.',
    refusals: {
      400: 'state is not one of dead, cancelled, delivered',
      404: 'There is no such merchant gateway',
    },
  })
  replayAll(
    @CheckedBody(BulkReplayRequest) request: BulkReplayRequest,
    @CurrentActor() actor: Actor,
  ): Promise<BulkReplayResult> {
    return this.replays.replayAll(request, actor);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @ApiParam(pathId)
  @ApiOperatorRoute({
    operationId: 'replayDelivery',
    summary: 'Send a delivery again',
    description:
      'Delivered, dead or cancelled, it is pending again and due now, with the same `webhook-id` and a retry schedule that starts anew; pending, it is due now; one that is being tried is left as it is.',
    status: 202,
    type: DeliveryItem,
    answer: 'It is going to be sent.',
    refusals: { 400: 'force is not known', 404: 'There is no such delivery', 409: 'The destination is disabled' },
  })
  replay(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<DeliveryItem> {
    return this.replays.replay(id, actor);
  }
}
