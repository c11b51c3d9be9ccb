import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { AccessTokenRequest, MAX_FORM_BYTES, OAuthErrorCode } from '@gateway/d1-contract';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { decodeUtf8, mediaTypeOf, readBody, TOO_LARGE } from '../../http/request-body.js';
import { InvalidAccessTokenRequest } from '../auth-errors.js';

const FORM = 'application/x-www-form-urlencoded';

/** Reads the form of a token request from the body, never from the query string. */
@Injectable()
export class AccessTokenFormPipe implements PipeTransform<FastifyRequest, Promise<AccessTokenRequest>> {
  async transform(request: FastifyRequest): Promise<AccessTokenRequest> {
    if (mediaTypeOf(request.raw) !== FORM) throw invalid(`Content-Type is not ${FORM}`);
    const body = await readBody(request.raw, MAX_FORM_BYTES);
    if (body === TOO_LARGE) throw invalid('the form is too large');
    const text = decodeUtf8(body);
    if (text === undefined) throw invalid('the form is not UTF-8');
    return validated(plainToInstance(AccessTokenRequest, parametersOf(text)));
  }
}

/** The form of the request at hand. */
export const AccessTokenForm = (): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>(),
  )(AccessTokenFormPipe);

const KNOWN = ['grant_type', 'scope'] as const;

/** RFC 6749, section 3.2: unknown parameters are ignored, empty ones count as omitted, repeated ones are an error. */
function parametersOf(text: string): Partial<Record<(typeof KNOWN)[number], string>> {
  // URLSearchParams would drop a question mark at the beginning, which here is part of a name.
  const form = new URLSearchParams(`&${text}`);
  const parameters: Partial<Record<(typeof KNOWN)[number], string>> = {};
  for (const name of KNOWN) {
    const [value, ...others] = form.getAll(name);
    if (others.length > 0) throw invalid(`${name} is repeated`);
    if (value) parameters[name] = value;
  }
  return parameters;
}

async function validated(request: AccessTokenRequest): Promise<AccessTokenRequest> {
  const [first] = await validate(request, { stopAtFirstError: true });
  if (!first) return request;
  const [rule, message] = Object.entries(first.constraints ?? {})[0] ?? ['', `${first.property} is not valid`];
  const context = first.contexts?.[rule] as { error?: OAuthErrorCode } | undefined;
  throw new InvalidAccessTokenRequest(context?.error ?? OAuthErrorCode.InvalidRequest, message);
}

function invalid(description: string): InvalidAccessTokenRequest {
  return new InvalidAccessTokenRequest(OAuthErrorCode.InvalidRequest, description);
}
