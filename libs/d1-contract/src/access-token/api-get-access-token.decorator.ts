import { applyDecorators } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBasicAuth,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { OAuthErrorBody } from '../error-body.js';
import { D1ErrorCode, OAuthErrorCode } from '../error-codes.js';
import { basicChallenge, correlationIdEcho, noStore, retryAfter } from '../response-headers.js';
import { AccessTokenRequest } from './access-token-request.js';
import { AccessTokenResponse } from './access-token-response.js';

const shared = { ...noStore, ...correlationIdEcho };

/** Documents "Get Access Token", answer by answer. */
export function ApiGetAccessToken(): MethodDecorator {
  return applyDecorators(
    ApiTags('access token'),
    ApiOperation({
      operationId: 'getAccessToken',
      summary: 'Get Access Token',
      description:
        'OAuth 2.0 client credentials grant (RFC 6749, section 4.4). Credentials travel as HTTP Basic (RFC 7617), in base64 or base64url.',
    }),
    ApiBasicAuth('clientSecretBasic'),
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiExtraModels(AccessTokenRequest, OAuthErrorBody),
    ApiBody({ type: AccessTokenRequest }),
    ApiOkResponse({ type: AccessTokenResponse, description: 'Granted.', headers: shared }),
    ApiBadRequestResponse({
      type: OAuthErrorBody,
      description: 'Not retryable. Malformed credentials, content type, grant type or scope.',
      headers: shared,
      example: {
        errorCode: D1ErrorCode.FieldInvalidFormat,
        error: OAuthErrorCode.InvalidRequest,
        error_description: 'grant_type is missing',
      },
    }),
    ApiUnauthorizedResponse({
      type: OAuthErrorBody,
      description:
        'Not retryable. No credentials, another scheme, or credentials that are not right; which of them does not show.',
      headers: { ...shared, ...basicChallenge },
      example: { error: OAuthErrorCode.InvalidClient },
    }),
    ApiTooManyRequestsResponse({
      type: OAuthErrorBody,
      description:
        'This address has guessed wrongly too often. The right client with the right secret never sees this.',
      headers: { ...shared, ...retryAfter },
      example: { error: OAuthErrorCode.SlowDown },
    }),
    ApiServiceUnavailableResponse({
      type: OAuthErrorBody,
      description: 'Retryable. Cannot answer now.',
      headers: { ...shared, ...retryAfter },
      example: { error: OAuthErrorCode.TemporarilyUnavailable },
    }),
  );
}
