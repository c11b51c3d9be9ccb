import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditActor } from '../../audit/audit-actor.js';
import { callerOf, mayActFor, type Caller } from '../../auth/access-tokens/caller.js';
import { NotFound } from '../operation-errors.js';

/** Who does something, what it may do, and from where. */
export interface Actor extends Caller, AuditActor {
  readonly clientId: Caller['clientId'];
}

/** The caller that a guard let in, for what goes into the audit log. */
export const CurrentActor = createParamDecorator((_data: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const caller = callerOf(request);
  if (!caller) throw new Error('The route has no guard that proves its caller');
  return { ...caller, remoteAddress: request.ip, correlationId: request.id };
});

/** @throws NotFound where the merchant gateway is not the caller's, as if it were not there */
export function assertMayActFor(caller: Caller, merchantGatewayId: string): void {
  if (!caller.isUnlimited && !mayActFor(caller, merchantGatewayId)) throw new NotFound('merchant gateway');
}
