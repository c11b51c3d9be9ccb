import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { GatewayConfig } from '../../config/gateway-config.js';
import type { KnownDestination } from '../destinations/destination-directory.js';
import { Lane } from './lane.js';

const MAX_LANES = 10_000;

/** The lane of each destination. */
@Injectable()
export class Lanes {
  private readonly lanes = new LRUCache<string, Lane>({ max: MAX_LANES });

  constructor(private readonly config: GatewayConfig) {}

  of({ id, ratePerSecond }: KnownDestination): Lane {
    // Another rate is another lane; its breaker begins closed.
    const key = `${id} ${ratePerSecond}`;
    let lane = this.lanes.get(key);
    if (!lane) {
      lane = new Lane({ concurrency: this.config.delivery.concurrencyPerDestination, ratePerSecond });
      this.lanes.set(key, lane);
    }
    return lane;
  }
}
