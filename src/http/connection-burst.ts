import { Injectable } from '@nestjs/common';
import type { Server } from 'node:net';

/** Enough for some hundred connections, and no delay that an answer is late by. */
const MOST_MS = 5;

/**
 * Whether connections are being taken, turn after turn of the event loop.
 *
 * Node takes one connection a turn, as libuv does. Where a batch is written in each turn, the last of 256 that came at once
 * waited for 256 batches, a second and more; a few turns without one, and all are there. So whoever has long work asks here once
 * a turn, and leaves it for the next while more come.
 */
@Injectable()
export class ConnectionBurst {
  private hasTaken = false;
  private beganMs: number | undefined;
  private restUntilMs = 0;

  watch(server: Server): void {
    server.on('connection', () => (this.hasTaken = true));
  }

  /**
   * To be asked once a turn. True for so long at the most, and then not again for as long: whoever opens connections without end
   * delays others no more than that.
   *
   * @param nowMs monotonic
   */
  isOn(nowMs: number): boolean {
    if (!this.hasTaken) {
      this.beganMs = undefined;
      return false;
    }
    this.hasTaken = false;
    if (nowMs < this.restUntilMs) return false;
    this.beganMs ??= nowMs;
    if (nowMs - this.beganMs < MOST_MS) return true;
    this.beganMs = undefined;
    this.restUntilMs = nowMs + MOST_MS;
    return false;
  }
}
