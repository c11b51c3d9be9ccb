import { applyDecorators } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiHeader,
  ApiInternalServerErrorResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOAuth2,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { D1ErrorBody } from '../error-body.js';
import { D1ErrorCode } from '../error-codes.js';
import { CORRELATION_ID, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID, type Identifier } from '../identifiers.js';
import { MAX_PAYLOAD_BYTES } from '../limits.js';
import { bearerChallenge, correlationIdEcho, retryAfter } from '../response-headers.js';
import { Scope } from '../scopes.js';

const documented = ({ name, pattern, description, example }: Identifier) => ({
  name,
  description,
  schema: { type: 'string' as const, pattern: pattern.source, example },
});

const failure = (
  description: string,
  examples: Record<string, { errorCode?: D1ErrorCode; error: string }>,
  headers = {},
) => ({
  type: D1ErrorBody,
  description,
  headers: { ...correlationIdEcho, ...headers },
  examples: Object.fromEntries(
    Object.entries(examples).map(([name, value]) => [name, { summary: value.errorCode ?? value.error, value }]),
  ),
});

/** Documents "Notify token update", answer by answer. */
export function ApiNotifyUpdate(): MethodDecorator {
  return applyDecorators(
    ApiTags('notifications'),
    ApiOperation({
      operationId: 'notifyTokenUpdate',
      summary: 'Notify token update',
      description:
        'A token of the merchant has changed (its card was renewed or replaced; it was suspended, resumed or deleted). 204 says that the notification is on disk. D1 retries 503 and nothing else.',
    }),
    ApiOAuth2([Scope.Notify], 'clientCredentials'),
    ApiParam(documented(MERCHANT_GATEWAY_ID)),
    ApiParam(documented(MERCHANT_ID)),
    ApiParam(documented(TOKEN_ID)),
    ApiHeader({ ...documented(CORRELATION_ID), required: false }),
    ApiConsumes('application/json'),
    ApiExtraModels(D1ErrorBody),
    ApiBody({
      required: false,
      description: `D1 documents no body. Whatever JSON comes is kept with the notification, up to ${MAX_PAYLOAD_BYTES} bytes; another content type is not read.`,
      schema: { description: 'Any JSON.', example: { reason: 'CARD_RENEWED' } },
    }),
    ApiNoContentResponse({ description: 'The notification is on disk.', headers: correlationIdEcho }),
    ApiBadRequestResponse(
      failure('Not retryable. The first field that is not in its documented format.', {
        field: { errorCode: D1ErrorCode.FieldInvalidFormat, error: 'merchantId is not in the expected format' },
      }),
    ),
    ApiUnauthorizedResponse(
      failure(
        'Not retryable. No access token, or one that is not valid here.',
        { unauthorized: { error: 'The access token is missing or not valid' } },
        bearerChallenge,
      ),
    ),
    ApiNotFoundResponse(
      failure('Not retryable. Recorded, and sent on when the merchant or token is registered later.', {
        merchant: { errorCode: D1ErrorCode.UnknownMerchant, error: 'Not able to identify the merchant' },
        token: { errorCode: D1ErrorCode.UnknownToken, error: 'Not able to identify the token' },
      }),
    ),
    ApiInternalServerErrorResponse(
      failure('Not retryable. Recorded with its cause; operators can replay it.', {
        internal: { errorCode: D1ErrorCode.InternalError, error: 'Internal Merchant Gateway error' },
        merchant: { errorCode: D1ErrorCode.MerchantError, error: 'An error occurred with Merchant' },
      }),
    ),
    ApiServiceUnavailableResponse(
      failure('Retryable. Everything that may pass.', { unavailable: { error: 'Not able to answer now' } }, retryAfter),
    ),
  );
}
