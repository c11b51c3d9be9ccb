import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

/** What was found out of a call before the framework got it. */
const VERDICT = Symbol('verdict');
type JudgedRequest = IncomingMessage & { [VERDICT]?: { readonly error: unknown } };

export function setVerdict(request: IncomingMessage, error: unknown): void {
  (request as JudgedRequest)[VERDICT] = { error };
}

/** A call that has been taken, and is not to be answered with 204: it is not taken again, and answered as any other. */
@Injectable()
export class VerdictGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const verdict = (context.switchToHttp().getRequest<FastifyRequest>().raw as JudgedRequest)[VERDICT];
    if (verdict) throw verdict.error;
    return true;
  }
}
