import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { BoundCertificate } from '../certificates/bound-certificate.js';

/** Who sent the request at hand, as far as it was proved. */
export interface Caller {
  /** Null where callers are proved by certificate or network alone. */
  readonly clientId: string | null;
  /** The merchant gateways it may act for. */
  readonly merchantGateways: ReadonlySet<string> | 'all';
  /** Whether they are all there are, and new ones are its own, too. */
  readonly isUnlimited?: boolean;
  /** The certificate that its access token is bound to (RFC 8705). Guards check it. */
  readonly boundTo?: BoundCertificate;
}

export function mayActFor({ merchantGateways }: Caller, merchantGatewayId: string): boolean {
  return merchantGateways === 'all' || merchantGateways.has(merchantGatewayId);
}

/** On the request itself: an entry in a weak map for each request is felt in garbage collection. */
const CALLER = Symbol('caller');
type ProvedRequest = FastifyRequest['raw'] & { [CALLER]?: Caller };

export function setCaller({ raw }: FastifyRequest, caller: Caller): void {
  (raw as ProvedRequest)[CALLER] = caller;
}

export function callerOf({ raw }: FastifyRequest): Caller | undefined {
  return (raw as ProvedRequest)[CALLER];
}

/** The caller that a guard let in. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('The route has no guard that proves its caller');
  return caller;
});
