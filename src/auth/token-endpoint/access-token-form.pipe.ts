import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { AccessTokenRequest, MAX_FORM_BYTES, OAuthErrorCode } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { compileRules } from '../../http/compiled-rules.js';
import { decodeUtf8, mediaTypeOf, readBody, TOO_LARGE } from '../../http/request-body.js';
import { InvalidAccessTokenRequest } from '../auth-errors.js';

const FORM = 'application/x-www-form-urlencoded';

const findFault = compileRules(AccessTokenRequest);

/** Reads the form of a token request from the body, never from the query string. */
@Injectable()
export class AccessTokenFormPipe implements PipeTransform<FastifyRequest, Promise<AccessTokenRequest>> {
  transform({ raw }: FastifyRequest): Promise<AccessTokenRequest> {
    return accessTokenForm(raw);
  }
}

/** Kept on the request itself: a body can be read once, and whoever looks at it before the framework may hand it over. */
const READ_FORM = Symbol('form of a token request');
type ReadRequest = IncomingMessage & { [READ_FORM]?: Promise<AccessTokenRequest> };

/** @throws InvalidAccessTokenRequest where the body is no form of a token request */
export function accessTokenForm(request: IncomingMessage): Promise<AccessTokenRequest> {
  return ((request as ReadRequest)[READ_FORM] ??= readForm(request, ['grant_type', 'scope']).then(validated));
}

/** @throws InvalidAccessTokenRequest where there is no form, or one of those parameters is repeated */
export async function readForm<Name extends string>(
  request: IncomingMessage,
  names: readonly Name[],
): Promise<Partial<Record<Name, string>>> {
  if (mediaTypeOf(request) !== FORM) throw invalid(`Content-Type is not ${FORM}`);
  const body = await readBody(request, MAX_FORM_BYTES);
  if (body === TOO_LARGE) throw invalid('the form is too large');
  const text = decodeUtf8(body);
  if (text === undefined) throw invalid('the form is not UTF-8');
  return parametersOf(text, names);
}

/** The form of the request at hand. */
export const AccessTokenForm = (): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>(),
  )(AccessTokenFormPipe);

/** RFC 6749, section 3.2: unknown parameters are ignored, empty ones count as omitted, repeated ones are an error. */
function parametersOf<Name extends string>(text: string, names: readonly Name[]): Partial<Record<Name, string>> {
  // URLSearchParams would drop a question mark at the beginning, which here is part of a name.
  const form = new URLSearchParams(`&${text}`);
  const parameters: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const [value, ...others] = form.getAll(name);
    if (others.length > 0) throw invalid(`${name} is repeated`);
    if (value) parameters[name] = value;
  }
  return parameters;
}

function validated(parameters: Partial<AccessTokenRequest>): AccessTokenRequest {
  const fault = findFault(parameters);
  // What has no fault has all that the class asks for.
  if (!fault) return parameters as AccessTokenRequest;
  const { error } = (fault.context ?? {}) as { error?: OAuthErrorCode };
  throw new InvalidAccessTokenRequest(error ?? OAuthErrorCode.InvalidRequest, fault.message);
}

function invalid(description: string): InvalidAccessTokenRequest {
  return new InvalidAccessTokenRequest(OAuthErrorCode.InvalidRequest, description);
}
