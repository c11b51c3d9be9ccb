import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from '../operation-errors.js';

/** For routes that know no query parameters: what is not known is refused. */
export class NoQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const [name] = Object.keys(context.switchToHttp().getRequest<FastifyRequest>().query as object);
    if (name !== undefined) throw new InvalidRequest(`${name} is not known`);
    return true;
  }
}
