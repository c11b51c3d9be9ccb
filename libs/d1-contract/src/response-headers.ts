import type { ApiResponseOptions } from '@nestjs/swagger';
import { CORRELATION_ID } from './identifiers.js';

type Headers = NonNullable<Extract<ApiResponseOptions, { headers?: unknown }>['headers']>;

/** Response headers as the OpenAPI document shows them. */
export const correlationIdEcho: Headers = {
  'x-correlation-id': {
    description: 'That of the request, or one made for it.',
    schema: { type: 'string', pattern: CORRELATION_ID.pattern.source },
  },
};

export const noStore: Headers = {
  'Cache-Control': { description: 'RFC 6749, section 5.1.', schema: { type: 'string', enum: ['no-store'] } },
  Pragma: { description: 'RFC 6749, section 5.1.', schema: { type: 'string', enum: ['no-cache'] } },
};

export const retryAfter: Headers = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'string', pattern: '^[1-9][0-9]*$' } },
};

export const basicChallenge: Headers = {
  'WWW-Authenticate': {
    description: 'RFC 7617, section 2.',
    schema: { type: 'string', pattern: '^Basic realm="[^"]*", charset="UTF-8"$' },
  },
};

export const bearerChallenge: Headers = {
  'WWW-Authenticate': {
    description: 'RFC 6750, section 3.',
    schema: { type: 'string', pattern: '^Bearer realm="[^"]*", error="(invalid_token|insufficient_scope)"' },
  },
};
