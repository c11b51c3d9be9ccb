// The call that D1 nearly always makes: an access token that was seen a moment ago, ids in their format, no body. It is
// taken before the framework, whose routing, hooks and pipeline cost a quarter of such a call (24 of 88 µs, and two thirds
// of the garbage). Whatever differs in anything goes the ordinary way, which alone decides what is wrong with a call; and
// the parts that decide here (rules, guard, service) are the ordinary way's own. What is answered is held to be the same
// by test/contract/notify-update/fast-lane.spec.ts.
import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../../auth/access-tokens/caller.js';
import { D1Guard } from '../../auth/d1.guard.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { plainNotifyUpdateIds } from '../../http/contract-path.js';
import { receivedCorrelationId } from '../../http/correlation-id.js';
import { hasBadHead } from '../../http/node-server.js';
import { hasBody } from '../../http/request-body.js';
import { IntakeLoad } from '../intake/intake-load.js';
import { NotificationsService } from '../notifications.service.js';
import { findFault, type NotifyUpdateCall } from '../notify-update-call.js';

/** An ordinary call, and who sent it. */
export interface OrdinaryCall {
  readonly call: NotifyUpdateCall;
  readonly caller: Caller;
}

@Injectable()
export class FastLane {
  private readonly takesCalls: boolean;

  constructor(
    config: GatewayConfig,
    private readonly guard: D1Guard,
    private readonly load: IntakeLoad,
    private readonly notifications: NotificationsService,
  ) {
    this.takesCalls = config.roles.has('intake');
  }

  /** The call that a request is, where it is an ordinary one of somebody who may make it. */
  recognise(request: IncomingMessage): OrdinaryCall | undefined {
    if (!this.takesCalls || request.method !== 'POST' || hasBody(request)) return undefined;
    const params = plainNotifyUpdateIds(request.url ?? '');
    if (!params || findFault(params) || hasBadHead(request) || this.load.isOver) return undefined;
    const correlation = receivedCorrelationId(request);
    const caller = this.guard.recognise(request, params.merchantGatewayId);
    if (!caller || correlation.state !== 'present') return undefined;
    const { merchantGatewayId, merchantId, tokenId } = params;
    const call = { merchantGatewayId, merchantId, tokenId, correlationId: correlation.value, payload: null };
    return { call, caller };
  }

  /**
   * Resolves when D1 may be told 204.
   *
   * @throws DomainError in the contract's terms
   */
  accept({ call, caller }: OrdinaryCall): Promise<void> {
    return this.notifications.accept(call, caller);
  }
}
