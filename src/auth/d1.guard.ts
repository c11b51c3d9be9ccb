import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Scope, type NotifyUpdateParams } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { GatewayConfig } from '../config/gateway-config.js';
import { BearerAuthenticator } from './access-tokens/bearer-authenticator.js';
import { mayActFor, setCaller, type Caller } from './access-tokens/caller.js';
import { Unauthorized } from './auth-errors.js';
import { ClientCertificates } from './certificates/client-certificates.js';
import { assertBinding } from './certificates/assert-binding.js';
import { GatewayAuthentications, type Demand } from './gateway-authentications.js';

/** Proved by certificate or network: it may act for every merchant gateway of this deployment. */
const UNNAMED: Caller = { clientId: null, merchantGateways: 'all' };

/** Lets D1 in, by what `D1_AUTHENTICATION` asks for, or the merchant gateway in its place. */
@Injectable()
export class D1Guard implements CanActivate {
  constructor(
    private readonly config: GatewayConfig,
    private readonly bearer: BearerAuthenticator,
    private readonly certificates: ClientCertificates,
    private readonly authentications: GatewayAuthentications,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { merchantGatewayId } = request.params as Partial<NotifyUpdateParams>;
    const own = this.authentications.ownOf(merchantGatewayId);
    const caller =
      own && merchantGatewayId !== undefined
        ? this.proveFor(merchantGatewayId, own, request)
        : this.prove(request, this.authentications.usual);
    return caller instanceof Promise ? caller.then((proved) => letIn(request, proved)) : letIn(request, caller);
  }

  /**
   * The same without waiting, where an access token is all that is asked for, and it was seen a moment ago.
   *
   * @returns undefined where that is not so, or something is wrong: `canActivate` then tells
   */
  recognise({ headers }: IncomingMessage, merchantGatewayId: string): Caller | undefined {
    const { usual } = this.authentications;
    if (!usual.accessToken || usual.certificate || this.authentications.ownOf(merchantGatewayId)) return undefined;
    try {
      const caller = this.bearer.recognise(headers.authorization, Scope.Notify);
      return caller?.boundTo === undefined ? caller : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Whoever is not of that merchant gateway meets what he would if there were none such: so nothing is learned of it, not
   * even by what it asks for.
   */
  private async proveFor(merchantGatewayId: string, own: Demand, request: FastifyRequest): Promise<Caller> {
    const proved = await this.proveOrFault(request, own);
    if (!(proved instanceof Unauthorized)) {
      // By certificate alone, it is of the merchant gateways that ask for no more.
      if (proved.clientId === null) return { ...proved, merchantGateways: new Set([merchantGatewayId]) };
      if (mayActFor(proved, merchantGatewayId)) return proved;
    }
    const asUsual = await this.prove(request, this.authentications.usual);
    if (proved instanceof Unauthorized && mayActFor(asUsual, merchantGatewayId)) throw proved;
    return asUsual;
  }

  private async proveOrFault(request: FastifyRequest, demand: Demand): Promise<Caller | Unauthorized> {
    try {
      return await this.prove(request, demand);
    } catch (error) {
      if (error instanceof Unauthorized) return error;
      throw error;
    }
  }

  private prove(request: FastifyRequest, demand: Demand): Caller | Promise<Caller> {
    if (demand.certificate) {
      const { fault } = this.certificates.judge(request);
      if (fault) throw new Unauthorized('invalid_token', { detail: fault });
    }
    if (!demand.accessToken) return UNNAMED;
    const { authorization } = request.headers;
    const caller = this.bearer.recognise(authorization, Scope.Notify);
    if (caller) return this.bound(caller, request, demand);
    return this.bearer.authenticate(authorization, Scope.Notify).then((proved) => this.bound(proved, request, demand));
  }

  private bound(caller: Caller, request: FastifyRequest, { certificate }: Demand): Caller {
    assertBinding(caller, request, this.certificates);
    if (certificate && caller.boundTo === undefined && this.config.auth.accessTokenBinding !== 'when-shown') {
      throw new Unauthorized('invalid_token', { detail: 'It is bound to no certificate' });
    }
    return caller;
  }
}

function letIn(request: FastifyRequest, caller: Caller): true {
  setCaller(request, caller);
  return true;
}
