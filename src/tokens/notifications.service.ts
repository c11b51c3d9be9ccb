import { Injectable } from '@nestjs/common';
import { mayActFor, type Caller } from '../auth/access-tokens/caller.js';
import { Clock } from '../clock/clock.js';
import { timeOrderedId } from '../clock/time-ordered-id.js';
import { TokenAdmission } from './directory/token-admission.js';
import type { IncomingCall } from './incoming-call.js';
import { Intake } from './intake/intake.js';
import type { IntakeResult } from './intake/intake-result.js';
import type { NotifyUpdateCall } from './notify-update-call.js';
import { NotificationRelay } from './relay/notification-relay.js';
import { MerchantRefused, NotificationFailed, UnknownMerchant, UnknownToken } from './token-errors.js';

/** Takes notifications: what it returns from is on disk, and D1 may be told 204. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly intake: Intake,
    private readonly relay: NotificationRelay,
    private readonly admission: TokenAdmission,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError in the contract's terms */
  async accept(call: NotifyUpdateCall, caller: Caller): Promise<void> {
    const incoming = this.incoming(call, caller);
    const recorded = await this.intake.record(incoming);
    if (recorded.kind !== 'accepted') assertAccepted(await this.admission.admit(incoming, recorded));
    const relayed = this.relay.relay(incoming);
    const outcome = relayed instanceof Promise ? await relayed : relayed;
    if (outcome.kind === 'refused') throw new MerchantRefused(outcome.reason);
  }

  private incoming(call: NotifyUpdateCall, caller: Caller): IncomingCall {
    const receivedAtMs = this.clock.nowMs();
    const { merchantGatewayId, merchantId, tokenId, correlationId, payload } = call;
    return {
      id: timeOrderedId(receivedAtMs),
      merchantGatewayId,
      merchantId,
      tokenId,
      correlationId,
      payload,
      clientId: caller.clientId,
      mayAct: mayActFor(caller, call.merchantGatewayId),
      receivedAtMs,
    };
  }
}

function assertAccepted(result: IntakeResult | { readonly kind: 'admitted' }): void {
  switch (result.kind) {
    case 'accepted':
    case 'admitted':
      return;
    case 'unmatched':
      throw result.reason === 'UNKNOWN_TOKEN' ? new UnknownToken() : new UnknownMerchant();
    case 'failed':
      throw new NotificationFailed(result.cause);
  }
}
