import { applyDecorators } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBasicAuth,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOAuth2,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { OAuthErrorBody } from '../error-body.js';
import { basicChallenge, bearerChallenge, correlationIdEcho, noStore, retryAfter } from '../response-headers.js';
import { Scope } from '../scopes.js';
import { IntrospectionResponse } from './introspection-response.js';
import { TokenRequest } from './token-request.js';

const shared = { ...noStore, ...correlationIdEcho };

const common = (): MethodDecorator =>
  applyDecorators(
    ApiTags('access token'),
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiExtraModels(TokenRequest, OAuthErrorBody),
    ApiBody({ type: TokenRequest }),
    ApiServiceUnavailableResponse({
      type: OAuthErrorBody,
      description: 'Cannot answer now.',
      headers: { ...shared, ...retryAfter },
    }),
  );

/** Documents token revocation, answer by answer. */
export function ApiRevokeToken(): MethodDecorator {
  return applyDecorators(
    common(),
    ApiOperation({
      operationId: 'revokeToken',
      summary: 'Revoke an access token',
      description:
        'RFC 7009. A client may revoke its own; an operator also those of clients of its merchant gateways. It is refused here at once, by the other instances within `CLIENT_CACHE_SECONDS`.',
    }),
    ApiBasicAuth('clientSecretBasic'),
    ApiOkResponse({ description: 'It is of no use any more, or never was.', headers: shared }),
    ApiBadRequestResponse({
      type: OAuthErrorBody,
      description: 'Malformed, or the access token of somebody else.',
      headers: shared,
    }),
    ApiUnauthorizedResponse({
      type: OAuthErrorBody,
      description: 'As for an access token.',
      headers: { ...shared, ...basicChallenge },
    }),
    ApiTooManyRequestsResponse({
      type: OAuthErrorBody,
      description: 'This address has guessed wrongly too often.',
      headers: { ...shared, ...retryAfter },
    }),
  );
}

/** Documents token introspection, answer by answer. */
export function ApiIntrospectToken(): MethodDecorator {
  return applyDecorators(
    common(),
    ApiOperation({
      operationId: 'introspectToken',
      summary: 'Look into an access token',
      description: 'RFC 7662, for operators. Of a client of other merchant gateways it only says `active: false`.',
    }),
    ApiOAuth2([Scope.Operate], 'clientCredentials'),
    ApiOkResponse({ type: IntrospectionResponse, description: 'What is known of it.', headers: shared }),
    ApiBadRequestResponse({ type: OAuthErrorBody, description: 'Malformed.', headers: shared }),
    ApiUnauthorizedResponse({
      type: OAuthErrorBody,
      description: 'No access token of an operator.',
      headers: { ...shared, ...bearerChallenge },
    }),
  );
}
