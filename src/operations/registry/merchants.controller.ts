import { Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { CheckedBody, CheckedQuery } from '../http/checked.js';
import { CurrentPreconditions, type Preconditions } from '../http/preconditions.js';
import type { Resource } from '../http/resource.js';
import { MerchantsService } from './merchants.service.js';
import { NamePageQuery } from './name-page.js';
import { MerchantBody, MerchantItem, MerchantPage } from './registry-bodies.js';
import { ApiPath, CurrentPath, type RegistryPath } from './registry-path.js';
import {
  ApiRegistryDelete,
  ApiRegistryGet,
  ApiRegistryList,
  ApiRegistryPut,
  OfGateway,
  OfMerchant,
  RegistryController,
} from './registry-routes.js';

@Controller('registry/merchant-gateways/:merchantGatewayId/merchants')
@RegistryController()
export class MerchantsController {
  constructor(private readonly merchants: MerchantsService) {}

  @Get()
  @ApiPath(...OfGateway)
  @ApiRegistryList(
    { operationId: 'listMerchants', summary: 'Merchants of a merchant gateway', type: MerchantPage },
    'merchant gateway',
  )
  list(
    @CurrentPath() path: RegistryPath,
    @CheckedQuery(NamePageQuery) query: NamePageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<MerchantPage> {
    return this.merchants.list(path.merchantGatewayId, query, caller);
  }

  @Get(':merchantId')
  @ApiPath(...OfMerchant)
  @ApiRegistryGet('getMerchant', MerchantItem, 'merchant')
  get(@CurrentPath() path: RegistryPath, @CurrentCaller() caller: Caller): Promise<Resource<MerchantItem>> {
    return this.merchants.get(path, caller);
  }

  @Put(':merchantId')
  @ApiPath(...OfMerchant)
  @ApiConsumes('application/json')
  @ApiBody({ type: MerchantBody })
  @ApiRegistryPut('putMerchant', MerchantItem, 'merchant', '')
  put(
    @CurrentPath() path: RegistryPath,
    @CheckedBody(MerchantBody) body: MerchantBody,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<Resource<MerchantItem>> {
    return this.merchants.put(path, body, actor, preconditions);
  }

  @Delete(':merchantId')
  @HttpCode(204)
  @ApiPath(...OfMerchant)
  @ApiRegistryDelete(
    'deleteMerchant',
    'merchant',
    'The merchant has tokens',
    'Its notifications stay; the deliveries it had are no longer found.',
  )
  remove(
    @CurrentPath() path: RegistryPath,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<void> {
    return this.merchants.remove(path, actor, preconditions);
  }
}
