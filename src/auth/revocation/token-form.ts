import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { TokenRequest } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import { readForm } from '../token-endpoint/access-token-form.pipe.js';
import { InvalidAccessTokenRequest } from '../auth-errors.js';

/** Reads the token that a form is about (RFC 7009, section 2.1; RFC 7662, section 2.1); the hint is not needed. */
@Injectable()
export class TokenFormPipe implements PipeTransform<FastifyRequest, Promise<TokenRequest>> {
  async transform(request: FastifyRequest): Promise<TokenRequest> {
    const { token } = await readForm(request.raw, ['token', 'token_type_hint']);
    if (token === undefined) throw new InvalidAccessTokenRequest('invalid_request', 'token is missing');
    return { token };
  }
}

/** The form of the request at hand. */
export const TokenForm = (): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>(),
  )(TokenFormPipe);
