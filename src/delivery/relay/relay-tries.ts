import { Injectable } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { Clock } from '../../clock/clock.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import type { TryResult } from '../destinations/destination-sender.js';
import { Deliverer } from '../dispatcher/deliverer.js';
import { Lanes } from '../dispatcher/lanes.js';
import type { ClaimedDelivery } from '../repository/deliveries.repository.js';
import { RelayScope } from './relay-scope.js';

/** A dispatcher that is claiming keeps all places for so long, and needs few of them: no reason to say that there is none. */
const CLAIM_MS = 50;
const LOOK_MS = 5;

/** Makes the relay's tries, in the lanes that the dispatcher's are made in. */
@Injectable()
export class RelayTries {
  constructor(
    private readonly lanes: Lanes,
    private readonly deliverer: Deliverer,
    private readonly scope: RelayScope,
    private readonly events: IntakeEvents,
    private readonly clock: Clock,
  ) {}

  /** @returns undefined where no try was made, since the destination may be given none now, or not by this process */
  async make(delivery: ClaimedDelivery, owner: string, signal: AbortSignal): Promise<TryResult | undefined> {
    const found = await this.lanes.find(delivery.destinationId);
    if (!found || signal.aborted) return undefined;
    const { destination, lane } = found;
    if (destination.disabled || destination.paused || !this.scope.includes(destination, delivery.event.data)) {
      return undefined;
    }
    const patientUntilMs = performance.now() + CLAIM_MS;
    while (lane.free(this.clock.nowMs()) < 1) {
      if (lane.breakerState === 'open' || performance.now() >= patientUntilMs) return undefined;
      await wait(LOOK_MS);
    }
    try {
      return await lane.run(() => this.deliverer.deliver(delivery, owner, signal), this.clock.nowMs());
    } finally {
      // For want of this place another destination of the receiver may have been left waiting.
      const next = lane.circuit.next();
      if (next !== undefined) this.events.emit('due', [next]);
    }
  }
}
