import type { OutgoingHttpHeaders } from 'node:http';
import { expect } from 'vitest';
import { send, type Answer } from '../../support/http.js';
import { basic, D1_CLIENT, type TestGateway } from '../../support/test-gateway.js';

export const TOKEN_PATH = '/oauth2/token';
export const FORM = 'application/x-www-form-urlencoded';
export const GRANT = 'grant_type=client_credentials';
/** As correlation ids are made. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const CORRELATION_ID = 'a-use-case_42';

export interface TokenCall {
  /** As it stands; null for no header. By default the right credentials of D1's client. */
  readonly authorization?: string | null;
  /** As it stands; null for no header. By default that of a form. */
  readonly contentType?: string | null;
  /** By default a good request for all scopes. */
  readonly form?: string | Buffer;
  readonly method?: string;
  readonly path?: string;
  /** As it stands; null for no header. */
  readonly correlationId?: string | string[] | null;
  readonly headers?: OutgoingHttpHeaders;
}

/** A good request for an access token, but for what is said otherwise. */
export function askForToken(gateway: TestGateway, call: TokenCall = {}): Promise<Answer> {
  const { contentType = FORM, form = GRANT, method = 'POST', path = TOKEN_PATH, correlationId = CORRELATION_ID } = call;
  const authorization =
    call.authorization === undefined ? basic(D1_CLIENT, gateway.secretOf(D1_CLIENT)) : call.authorization;
  return send(gateway.url, path, {
    method,
    headers: {
      ...(authorization !== null && { authorization }),
      ...(contentType !== null && { 'content-type': contentType }),
      ...(correlationId !== null && { 'x-correlation-id': correlationId }),
      ...call.headers,
    },
    body: form,
  });
}

/** What the contract speaks of in an answer: status, whole body, and its headers, be they there or not. */
export function seen({ status, headers, json }: Answer): object {
  return { status, headers: contractHeaders(headers), body: json() };
}

const CONTRACT_HEADERS = [
  'cache-control',
  'pragma',
  'content-type',
  'x-correlation-id',
  'www-authenticate',
  'retry-after',
  'allow',
  'x-content-type-options',
];

export function contractHeaders(headers: Answer['headers']): object {
  return Object.fromEntries(
    CONTRACT_HEADERS.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]),
  );
}

/** The headers of every answer of the token endpoint. */
export const HEADERS = {
  'cache-control': 'no-store',
  pragma: 'no-cache',
  'x-content-type-options': 'nosniff',
  'content-type': expect.stringMatching(/^application\/json(; charset=utf-8)?$/) as string,
  'x-correlation-id': CORRELATION_ID,
};

/** 200 with these scopes. What is in the access token is another matter (access-token.spec.ts). */
export function granted(scope = 'd1:notify'): object {
  return {
    status: 200,
    headers: HEADERS,
    body: {
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      token_type: 'Bearer',
      expires_in: 900,
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      scope,
    },
  };
}

export function badRequest(
  description: string,
  error: 'invalid_request' | 'unsupported_grant_type' | 'invalid_scope' = 'invalid_request',
): object {
  return {
    status: 400,
    headers: HEADERS,
    body: { errorCode: 'FIELD_INVALID_FORMAT', error, error_description: description },
  };
}

export const INVALID_CLIENT = {
  status: 401,
  headers: { ...HEADERS, 'www-authenticate': 'Basic realm="d1-merchant-gateway", charset="UTF-8"' },
  body: { error: 'invalid_client' },
};

export const UNAVAILABLE = {
  status: 503,
  headers: { ...HEADERS, 'retry-after': '5' },
  body: { error: 'temporarily_unavailable' },
};
