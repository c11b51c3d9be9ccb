import { Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { CheckedBody, CheckedQuery } from '../http/checked.js';
import { CurrentPreconditions, type Preconditions } from '../http/preconditions.js';
import type { Resource } from '../http/resource.js';
import { MerchantGatewaysService } from './merchant-gateways.service.js';
import { NamePageQuery } from './name-page.js';
import { MerchantGatewayBody, MerchantGatewayItem, MerchantGatewayPage } from './registry-bodies.js';
import { ApiPath, CurrentPath, type RegistryPath } from './registry-path.js';
import {
  ApiRegistryDelete,
  ApiRegistryGet,
  ApiRegistryList,
  ApiRegistryPut,
  OfGateway,
  RegistryController,
} from './registry-routes.js';

@Controller('registry/merchant-gateways')
@RegistryController()
export class MerchantGatewaysController {
  constructor(private readonly gateways: MerchantGatewaysService) {}

  @Get()
  @ApiRegistryList({ operationId: 'listMerchantGateways', summary: 'Merchant gateways', type: MerchantGatewayPage })
  list(
    @CheckedQuery(NamePageQuery) query: NamePageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<MerchantGatewayPage> {
    return this.gateways.list(query, caller);
  }

  @Get(':merchantGatewayId')
  @ApiPath(...OfGateway)
  @ApiRegistryGet('getMerchantGateway', MerchantGatewayItem, 'merchant gateway')
  get(@CurrentPath() path: RegistryPath, @CurrentCaller() caller: Caller): Promise<Resource<MerchantGatewayItem>> {
    return this.gateways.get(path.merchantGatewayId, caller);
  }

  @Put(':merchantGatewayId')
  @ApiPath(...OfGateway)
  @ApiConsumes('application/json')
  @ApiBody({ type: MerchantGatewayBody })
  @ApiRegistryPut(
    'putMerchantGateway',
    MerchantGatewayItem,
    'merchant gateway',
    'A new one takes a client of every merchant gateway, or one that names it.',
  )
  put(
    @CurrentPath() path: RegistryPath,
    @CheckedBody(MerchantGatewayBody) body: MerchantGatewayBody,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<Resource<MerchantGatewayItem>> {
    return this.gateways.put(path.merchantGatewayId, body, actor, preconditions);
  }

  @Delete(':merchantGatewayId')
  @HttpCode(204)
  @ApiPath(...OfGateway)
  @ApiRegistryDelete('deleteMerchantGateway', 'merchant gateway', 'The merchant gateway has merchants')
  remove(
    @CurrentPath() path: RegistryPath,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<void> {
    return this.gateways.remove(path.merchantGatewayId, actor, preconditions);
  }
}
