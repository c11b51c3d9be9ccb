// The contract's answer table, each row whole.
import { CORRELATION_ID, type Seen } from './notify.js';

const JSON_BODY = { 'content-type': 'application/json; charset=utf-8' };

/** 204: the notification is on disk. */
export function accepted(correlationId = CORRELATION_ID): Seen {
  return { status: 204, headers: { 'x-correlation-id': correlationId }, body: '' };
}

/** 400: the first field at fault. */
export function badFormat(error: string, correlationId = CORRELATION_ID): Seen {
  return {
    status: 400,
    headers: { 'x-correlation-id': correlationId, ...JSON_BODY },
    body: { errorCode: 'FIELD_INVALID_FORMAT', error },
  };
}

/** 400: a field of that name does not match its pattern. */
export function offPattern(field: string, correlationId?: string): Seen {
  return badFormat(`${field} is not in the expected format`, correlationId);
}

/** 401 (RFC 6750, section 3). */
export function unauthorized(error: 'invalid_token' | 'insufficient_scope' = 'invalid_token'): Seen {
  return {
    status: 401,
    headers: {
      'x-correlation-id': CORRELATION_ID,
      'www-authenticate': `Bearer realm="d1-merchant-gateway", error="${error}"`,
      ...JSON_BODY,
    },
    body: { error: 'The access token is missing or not valid' },
  };
}

export const UNKNOWN_MERCHANT: Seen = {
  status: 404,
  headers: { 'x-correlation-id': CORRELATION_ID, ...JSON_BODY },
  body: { errorCode: 'UNKNOWN_MERCHANT', error: 'Not able to identify the merchant' },
};

export const UNKNOWN_TOKEN: Seen = {
  status: 404,
  headers: { 'x-correlation-id': CORRELATION_ID, ...JSON_BODY },
  body: { errorCode: 'UNKNOWN_TOKEN', error: 'Not able to identify the token' },
};

export const METHOD_NOT_ALLOWED: Seen = {
  status: 405,
  headers: { 'x-correlation-id': CORRELATION_ID, allow: 'POST', ...JSON_BODY },
  body: { error: 'Method not allowed' },
};

export const MERCHANT_ERROR: Seen = {
  status: 500,
  headers: { 'x-correlation-id': CORRELATION_ID, ...JSON_BODY },
  body: { errorCode: 'MERCHANT_ERROR', error: 'An error occurred with Merchant' },
};

export function internalError(correlationId = CORRELATION_ID): Seen {
  return {
    status: 500,
    headers: { 'x-correlation-id': correlationId, ...JSON_BODY },
    body: { errorCode: 'INTERNAL_ERROR', error: 'Internal Merchant Gateway error' },
  };
}

/** 503: the only answer that D1 retries. */
export function unavailable(retryAfterSeconds = 5): Seen {
  return {
    status: 503,
    headers: { 'x-correlation-id': CORRELATION_ID, 'retry-after': String(retryAfterSeconds), ...JSON_BODY },
    body: { error: 'Not able to answer now' },
  };
}
