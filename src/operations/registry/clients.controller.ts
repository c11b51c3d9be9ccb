import { MERCHANT_GATEWAY_ID, Scope } from '@gateway/d1-contract';
import { Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../../auth/access-tokens/caller.js';
import { CurrentActor, type Actor } from '../audit/actor.js';
import { ApiOperatorRoute } from '../http/api-operator-route.decorator.js';
import { CheckedBody, CheckedQuery } from '../http/checked.js';
import { CurrentPreconditions, type Preconditions } from '../http/preconditions.js';
import type { Resource } from '../http/resource.js';
import {
  CLIENT_ID_PATTERN,
  ClientChange,
  ClientDetail,
  ClientItem,
  ClientPage,
  NewClient,
  NewClientItem,
  NewSecret,
  NewSecretItem,
} from './client-bodies.js';
import { ClientSecretsService } from './client-secrets.service.js';
import { CurrentClientId } from './current-client-id.js';
import { ClientsService } from './clients.service.js';
import { NamePageQuery } from './name-page.js';
import { ApiRegistryList, RegistryController } from './registry-routes.js';

const SECRET_ID_EXAMPLE = '01936a3e-7c03-7000-8000-0123456789ab';

const clientId = {
  name: 'clientId',
  schema: { type: 'string', pattern: CLIENT_ID_PATTERN.source, example: 'is_tbank01' },
};
const tag = 'registry';

/** With every field filled in, one would choose a bad secret, disable D1, or set a time that is past. */
const EXAMPLES = {
  create: {
    d1: {
      summary: 'D1, for one merchant gateway',
      value: { clientId: 'is_tbank02', scopes: [Scope.Notify], merchantGateways: [MERCHANT_GATEWAY_ID.example] },
    },
    operator: {
      summary: 'Somebody who only looks',
      value: { clientId: 'auditor', scopes: [Scope.Read], merchantGateways: [MERCHANT_GATEWAY_ID.example] },
    },
  },
  change: {
    enable: { summary: 'Enable it', value: { disabled: false } },
    disable: { summary: 'Disable it', value: { disabled: true } },
  },
  secret: { made: { summary: 'One made here; the other stays until it is deleted', value: {} } },
};

@Controller('registry/clients')
@RegistryController()
export class ClientsController {
  constructor(
    private readonly clients: ClientsService,
    private readonly secrets: ClientSecretsService,
  ) {}

  @Get()
  @ApiRegistryList({ operationId: 'listClients', summary: 'Clients', type: ClientPage })
  list(@CheckedQuery(NamePageQuery) query: NamePageQuery, @CurrentCaller() caller: Caller): Promise<ClientPage> {
    return this.clients.list(query, caller);
  }

  @Get(':clientId')
  @ApiParam(clientId)
  @ApiOperatorRoute({
    tag,
    operationId: 'getClient',
    summary: 'Read a client',
    description: 'With when each of its secrets was last used, which is no part of its entity tag.',
    type: ClientDetail,
    answer: 'As it is.',
    reads: true,
    hasEtag: true,
    refusals: { 404: 'There is no such client' },
  })
  get(@CurrentClientId() id: string, @CurrentCaller() caller: Caller): Promise<Resource<ClientItem>> {
    return this.clients.get(id, caller);
  }

  @Post()
  @HttpCode(201)
  @ApiConsumes('application/json')
  @ApiBody({ type: NewClient, examples: EXAMPLES.create })
  @ApiOperatorRoute({
    tag,
    operationId: 'createClient',
    summary: 'Make a client',
    description: 'Without `clientSecret` it gets one made here, which is in the answer this once.',
    status: 201,
    type: NewClientItem,
    answer: 'It is there.',
    hasEtag: true,
    refusals: {
      400: 'merchantGateways must be a list',
      404: 'There is no such merchant gateway',
      409: 'There is such a client already',
    },
  })
  create(@CheckedBody(NewClient) client: NewClient, @CurrentActor() actor: Actor): Promise<Resource<ClientItem>> {
    return this.clients.create(client, actor);
  }

  @Patch(':clientId')
  @ApiParam(clientId)
  @ApiConsumes('application/json')
  @ApiBody({ type: ClientChange, examples: EXAMPLES.change })
  @ApiOperatorRoute({
    tag,
    operationId: 'changeClient',
    summary: 'Change a client',
    description: 'What is not given stays. It takes effect here at once, and elsewhere within `CLIENT_CACHE_SECONDS`.',
    type: ClientItem,
    answer: 'As it is now.',
    hasEtag: true,
    refusals: {
      400: 'disabled must be true or false',
      404: 'There is no such client',
      412: 'It has changed meanwhile',
    },
  })
  change(
    @CurrentClientId() id: string,
    @CheckedBody(ClientChange) change: ClientChange,
    @CurrentActor() actor: Actor,
    @CurrentPreconditions() preconditions: Preconditions,
  ): Promise<Resource<ClientItem>> {
    return this.clients.change(id, change, actor, preconditions);
  }

  @Post(':clientId/secrets')
  @HttpCode(201)
  @ApiParam(clientId)
  @ApiConsumes('application/json')
  @ApiBody({ type: NewSecret, examples: EXAMPLES.secret })
  @ApiOperatorRoute({
    tag,
    operationId: 'addClientSecret',
    summary: 'Give a client a second secret',
    description:
      'Both are right until the first is deleted or expires. Without `clientSecret` one is made here, which is in the answer this once.',
    status: 201,
    type: NewSecretItem,
    answer: 'It is right from now on.',
    refusals: {
      400: 'expiresAt is past',
      404: 'There is no such client',
      409: 'The client has 2 secrets; one of them must go first',
    },
  })
  addSecret(
    @CurrentClientId() id: string,
    @CheckedBody(NewSecret) secret: NewSecret,
    @CurrentActor() actor: Actor,
  ): Promise<NewSecretItem> {
    return this.secrets.add(id, secret, actor);
  }

  @Delete(':clientId/secrets/:secretId')
  @HttpCode(204)
  @ApiParam(clientId)
  @ApiParam({ name: 'secretId', schema: { type: 'string', format: 'uuid', example: SECRET_ID_EXAMPLE } })
  @ApiOperatorRoute({
    tag,
    operationId: 'deleteClientSecret',
    summary: 'Take a secret from a client',
    description: 'Access tokens that were got with it live out.',
    status: 204,
    answer: 'It is refused from now on.',
    refusals: { 404: 'There is no such secret', 409: 'It is the only secret; disable the client instead' },
  })
  removeSecret(
    @CurrentClientId() id: string,
    @Param('secretId') secretId: string,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.secrets.remove(id, secretId, actor);
  }
}
