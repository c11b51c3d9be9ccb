import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { GatewayConfig } from '../../config/gateway-config.js';
import { IntakeLoad } from '../../tokens/intake/intake-load.js';
import { DestinationDirectory, type KnownDestination } from '../destinations/destination-directory.js';
import { Circuits } from './circuits.js';
import type { BreakerState } from './circuit.js';
import { Lane } from './lane.js';
import { Pace } from './pace.js';

const MAX_LANES = 10_000;

export interface DestinationState extends Pick<KnownDestination, 'merchantId' | 'name'> {
  readonly breaker: BreakerState;
}

interface KnownLane extends Pick<KnownDestination, 'merchantId' | 'name'> {
  readonly lane: Lane;
}

/** The lane of each destination, and how much may be under way over all of them. */
@Injectable()
export class Lanes {
  private readonly lanes = new LRUCache<string, KnownLane>({ max: MAX_LANES });
  private readonly pace: Pace;

  constructor(
    private readonly config: GatewayConfig,
    private readonly directory: DestinationDirectory,
    private readonly circuits: Circuits,
    intake: IntakeLoad,
  ) {
    this.pace = new Pace(intake);
  }

  /** How many more tries may begin now, over all destinations, where so many are under way. */
  room(underWay: number): number {
    return Math.min(this.config.delivery.concurrency - underWay, this.pace.left);
  }

  /** Whether the intake alone is why none may begin. */
  get areHeldBack(): boolean {
    return this.pace.left < 1;
  }

  /** So many begin; with a negative number, they do not after all. */
  begin(tries: number): void {
    this.pace.begin(tries);
  }

  /** @returns undefined where there is no such destination */
  async find(destinationId: string): Promise<{ destination: KnownDestination; lane: Lane } | undefined> {
    const destination = await this.directory.find(destinationId);
    return destination && { destination, lane: this.laneOf(destination) };
  }

  /** Of the destinations that were looked after lately, those that have been away longest last. */
  *states(): Iterable<DestinationState> {
    for (const { merchantId, name, lane } of this.lanes.values())
      yield { merchantId, name, breaker: lane.breakerState };
  }

  /** Of a destination that was looked after lately, by this instance. */
  breakerOf(destinationId: string): BreakerState | undefined {
    return this.lanes.peek(destinationId)?.lane.breakerState;
  }

  private laneOf(destination: KnownDestination): Lane {
    const { id, merchantId, name, ratePerSecond } = destination;
    const circuit = this.circuits.of(destination);
    const known = this.lanes.get(id);
    if (known?.lane.circuit === circuit && known.lane.ratePerSecond === ratePerSecond) return known.lane;
    const lane = new Lane(circuit, ratePerSecond);
    this.lanes.set(id, { merchantId, name, lane });
    return lane;
  }
}
