import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { GatewayConfig } from '../../config/gateway-config.js';
import { DestinationDirectory, type KnownDestination } from '../destinations/destination-directory.js';
import { Lane } from './lane.js';

const MAX_LANES = 10_000;

/** The lane of each destination, and how much may be under way over all of them. */
@Injectable()
export class Lanes {
  readonly concurrency: number;
  private readonly lanes = new LRUCache<string, Lane>({ max: MAX_LANES });

  constructor(
    private readonly config: GatewayConfig,
    private readonly directory: DestinationDirectory,
  ) {
    this.concurrency = config.delivery.concurrency;
  }

  /** @returns undefined where there is no such destination */
  async find(destinationId: string): Promise<{ destination: KnownDestination; lane: Lane } | undefined> {
    const destination = await this.directory.find(destinationId);
    return destination && { destination, lane: this.laneOf(destination) };
  }

  private laneOf({ id, ratePerSecond }: KnownDestination): Lane {
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
