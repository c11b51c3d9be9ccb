import { Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { CheckedBody, CheckedQuery } from '../http/checked.js';
import { DESTINATION_NAME } from '../http/identifiers.js';
import { CurrentPreconditions, type Preconditions } from '../http/preconditions.js';
import type { Resource } from '../http/resource.js';
import { DestinationBody, DestinationItem, DestinationPage, PutDestination } from './destination-bodies.js';
import { DestinationsService } from './destinations.service.js';
import { NamePageQuery } from './name-page.js';
import { ApiPath, CurrentPath, type RegistryPath } from './registry-path.js';
import {
  ApiRegistryDelete,
  ApiRegistryGet,
  ApiRegistryList,
  ApiRegistryPut,
  OfMerchant,
  RegistryController,
} from './registry-routes.js';

/** Of a webhook or of a handler: with every field filled in it would be neither. */
const BODY_EXAMPLES = {
  webhook: {
    summary: 'A webhook, with a secret made here',
    value: { kind: 'webhook', url: 'https://shop.example/d1' },
  },
  limited: {
    summary: 'Another, that is not to be overrun',
    value: { kind: 'webhook', url: 'https://shop.example/d1', ratePerSecond: 50, coalesce: true },
  },
};

@Controller('registry/merchant-gateways/:merchantGatewayId/merchants/:merchantId/destinations')
@RegistryController()
export class DestinationsController {
  constructor(private readonly destinations: DestinationsService) {}

  @Get()
  @ApiPath(...OfMerchant)
  @ApiRegistryList(
    { operationId: 'listDestinations', summary: 'Destinations of a merchant', type: DestinationPage },
    'merchant',
  )
  list(
    @CurrentPath() path: RegistryPath,
    @CheckedQuery(NamePageQuery) query: NamePageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<DestinationPage> {
    return this.destinations.list(path, query, caller);
  }

  @Get(':destination')
  @ApiPath(...OfMerchant, DESTINATION_NAME)
  @ApiRegistryGet('getDestination', DestinationItem, 'destination')
  get(@CurrentPath() path: RegistryPath, @CurrentCaller() caller: Caller): Promise<Resource<DestinationItem>> {
    return this.destinations.get(path, caller);
  }

  @Put(':destination')
  @ApiPath(...OfMerchant, DESTINATION_NAME)
  @ApiConsumes('application/json')
  @ApiBody({ type: DestinationBody, examples: BODY_EXAMPLES })
  @ApiRegistryPut('putDestination', PutDestination, 'destination', 'It is enabled again, unless `enabled` is false.')
  put(
    @CurrentPath() path: RegistryPath,
    @CheckedBody(DestinationBody) body: DestinationBody,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<Resource<DestinationItem>> {
    return this.destinations.put(path, body, actor, preconditions);
  }

  @Delete(':destination')
  @HttpCode(204)
  @ApiPath(...OfMerchant, DESTINATION_NAME)
  @ApiRegistryDelete(
    'deleteDestination',
    'destination',
    undefined,
    'What is pending for it is cancelled. The deliveries it had stay.',
  )
  remove(
    @CurrentPath() path: RegistryPath,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<void> {
    return this.destinations.remove(path, actor, preconditions);
  }
}
