import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { GatewayConfig } from '../../config/gateway-config.js';
import { InstanceChannel } from '../../database/channel/instance-channel.js';
import type { KnownDestination } from '../destinations/destination-directory.js';
import { Circuit } from './circuit.js';

const MAX_CIRCUITS = 10_000;
const HANDLER = 'handler:';

/** The circuit of each receiver. When one opens, the other instances are told, and theirs opens too. */
@Injectable()
export class Circuits {
  private readonly circuits = new LRUCache<string, Circuit>({ max: MAX_CIRCUITS });

  constructor(
    private readonly config: GatewayConfig,
    private readonly channel: InstanceChannel,
  ) {
    channel.subscribe('paused', (pauses) => this.pauseAsTold(pauses));
  }

  /** A handler is one piece of code, however many merchants' destination it is. */
  of({ id, handler }: Pick<KnownDestination, 'id' | 'handler'>): Circuit {
    return this.get(handler ? `${HANDLER}${handler}` : id);
  }

  private get(key: string): Circuit {
    const known = this.circuits.get(key);
    if (known) return known;
    const { concurrencyPerDestination, handlerConcurrency } = this.config.delivery;
    const circuit = new Circuit({
      concurrency: key.startsWith(HANDLER) ? handlerConcurrency : concurrencyPerDestination,
      onPause: (durationMs) => this.channel.publish('paused', [`${key} ${durationMs}`]),
    });
    this.circuits.set(key, circuit);
    return circuit;
  }

  /** Durations, not points in time: clocks differ. A notice that gets lost costs the receiver this instance's own ten failures. */
  private pauseAsTold(pauses: readonly string[]): void {
    for (const pause of pauses) {
      const [key, durationMs] = pause.split(' ');
      if (key) this.get(key).pauseAsTold(Number(durationMs));
    }
  }
}
