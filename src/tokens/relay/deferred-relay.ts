import { Injectable } from '@nestjs/common';
import { NotificationRelay, type RelayOutcome } from './notification-relay.js';

const ACCEPTED: RelayOutcome = { kind: 'accepted' };

/** Every merchant is deferred: D1 is answered as soon as the notification is on disk. */
@Injectable()
export class DeferredRelay extends NotificationRelay {
  relay(): RelayOutcome {
    return ACCEPTED;
  }
}
