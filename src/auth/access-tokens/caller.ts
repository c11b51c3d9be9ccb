import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who sent the request at hand, as far as it was proved. */
export interface Caller {
  /** Null where callers are proved by certificate or network alone. */
  readonly clientId: string | null;
  /** The merchant gateways it may act for. */
  readonly merchantGateways: ReadonlySet<string> | 'all';
}

export function mayActFor({ merchantGateways }: Caller, merchantGatewayId: string): boolean {
  return merchantGateways === 'all' || merchantGateways.has(merchantGatewayId);
}

const callers = new WeakMap<FastifyRequest['raw'], Caller>();

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request.raw, caller);
}

export function callerOf(request: FastifyRequest): Caller | undefined {
  return callers.get(request.raw);
}

/** The caller that a guard let in. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('The route has no guard that proves its caller');
  return caller;
});
