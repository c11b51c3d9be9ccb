import { Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { TOKEN_ID } from '@gateway/d1-contract';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { CheckedQuery } from '../http/checked.js';
import { CurrentPreconditions, type Preconditions } from '../http/preconditions.js';
import type { Resource } from '../http/resource.js';
import { NamePageQuery } from './name-page.js';
import { TokenItem, TokenPage } from './registry-bodies.js';
import { ApiPath, CurrentPath, type RegistryPath } from './registry-path.js';
import {
  ApiRegistryDelete,
  ApiRegistryGet,
  ApiRegistryList,
  ApiRegistryPut,
  OfMerchant,
  RegistryController,
} from './registry-routes.js';
import { TokensService } from './tokens.service.js';

@Controller('registry/merchant-gateways/:merchantGatewayId/merchants/:merchantId/tokens')
@RegistryController()
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @ApiPath(...OfMerchant)
  @ApiRegistryList({ operationId: 'listTokens', summary: 'Tokens of a merchant', type: TokenPage }, 'merchant')
  list(
    @CurrentPath() path: RegistryPath,
    @CheckedQuery(NamePageQuery) query: NamePageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<TokenPage> {
    return this.tokens.list(path, query, caller);
  }

  @Get(':tokenId')
  @ApiPath(...OfMerchant, TOKEN_ID)
  @ApiRegistryGet('getToken', TokenItem, 'token')
  get(@CurrentPath() path: RegistryPath, @CurrentCaller() caller: Caller): Promise<Resource<TokenItem>> {
    return this.tokens.get(path, caller);
  }

  @Put(':tokenId')
  @ApiPath(...OfMerchant, TOKEN_ID)
  @ApiRegistryPut(
    'putToken',
    TokenItem,
    'token',
    'What D1 has sent for it before, and was recorded as unmatched, goes out. A body is not read.',
  )
  put(
    @CurrentPath() path: RegistryPath,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<Resource<TokenItem>> {
    return this.tokens.put(path, actor, preconditions);
  }

  @Delete(':tokenId')
  @HttpCode(204)
  @ApiPath(...OfMerchant, TOKEN_ID)
  @ApiRegistryDelete('deleteToken', 'token', undefined, 'Its notifications and deliveries stay.')
  remove(
    @CurrentPath() path: RegistryPath,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<void> {
    return this.tokens.remove(path, actor, preconditions);
  }
}
