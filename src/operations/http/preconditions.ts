import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PreconditionFailed } from '../operation-errors.js';
import { includesEtag } from './etag.js';

/** What a caller takes a resource to be before it is changed (RFC 9110, section 13.1). */
export interface Preconditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export const CurrentPreconditions = createParamDecorator((_data: unknown, context: ExecutionContext): Preconditions => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
});

/**
 * @param etag of the resource as it is; undefined where there is none
 * @throws PreconditionFailed
 */
export function assertPreconditions({ ifMatch, ifNoneMatch }: Preconditions, etag: string | undefined): void {
  if (ifMatch !== undefined && !includesEtag(ifMatch, etag)) {
    throw new PreconditionFailed(etag === undefined ? 'It is not there' : 'It has changed meanwhile');
  }
  if (ifNoneMatch !== undefined && includesEtag(ifNoneMatch, etag)) throw new PreconditionFailed('It is there already');
}
