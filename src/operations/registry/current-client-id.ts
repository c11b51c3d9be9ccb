import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotFound } from '../operation-errors.js';
import { CLIENT_ID_PATTERN } from './client-bodies.js';

/** The client of a path. Whatever is no id is the id of nobody. */
export const CurrentClientId = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const { clientId = '' } = context.switchToHttp().getRequest<FastifyRequest>().params as { clientId?: string };
  if (!CLIENT_ID_PATTERN.test(clientId)) throw new NotFound('client');
  return clientId;
});
