import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GatewayConfig } from '../../config/gateway-config.js';
import { InstanceChannel } from '../../database/channel/instance-channel.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';

/**
 * Looking for all that is due costs a look at every destination: not with each of many notices. And after that time what
 * others have told of is looked at again: their clocks may be a little ahead, and what is due there is not yet due here.
 */
const LOOK_PAUSE_MS = 250;

export interface Woken {
  /** Something is due for these destinations. */
  readonly due: (destinationIds: readonly string[]) => void;
  /** Something may be due for any. */
  readonly look: () => void;
}

/**
 * What wakes a dispatcher: this instance's intake, that of others, and the clock, for what no event tells (retries that
 * fall due, leases that ran out, notices that got lost). It also tells the others, whatever this instance's roles.
 */
@Injectable()
export class WakeUps implements OnApplicationBootstrap {
  private woken: Woken | undefined;
  private sweep: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  /** What is to be looked at then. */
  private again: Set<string> | 'all' = new Set();

  constructor(
    private readonly config: GatewayConfig,
    private readonly events: IntakeEvents,
    private readonly channel: InstanceChannel,
  ) {}

  onApplicationBootstrap(): void {
    this.events.on('due', (destinationIds) => {
      this.woken?.due(destinationIds);
      this.channel.publish('due', destinationIds);
    });
    this.channel.subscribe('due', (destinationIds) => {
      if (destinationIds.length > 0) this.woken?.due(destinationIds);
      this.lookSoon(destinationIds);
    });
  }

  /** @returns false where dispatching is not this instance's role: nothing will then be heard */
  start(woken: Woken): boolean {
    if (!this.config.roles.has('dispatcher')) return false;
    this.woken = woken;
    this.sweep = setInterval(woken.look, this.config.delivery.sweepSeconds * 1000);
    return true;
  }

  stop(): void {
    this.woken = undefined;
    clearInterval(this.sweep);
    clearTimeout(this.soon);
  }

  private lookSoon(destinationIds: readonly string[]): void {
    if (this.again !== 'all') {
      this.again = destinationIds.length === 0 ? 'all' : new Set([...this.again, ...destinationIds]);
    }
    this.soon ??= setTimeout(() => {
      const { again } = this;
      this.again = new Set();
      this.soon = undefined;
      if (again === 'all') this.woken?.look();
      else this.woken?.due([...again]);
    }, LOOK_PAUSE_MS);
  }
}
