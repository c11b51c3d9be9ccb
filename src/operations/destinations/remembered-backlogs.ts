import { Injectable } from '@nestjs/common';
import { BacklogsRepository, type Backlog } from './backlogs.repository.js';

/** It is looked for a tenth of the time at most. */
const REST_PER_LOOK = 9;

/** The backlogs of all destinations, counted once, whoever looks and however often. */
@Injectable()
export class RememberedBacklogs {
  private looking: Promise<ReadonlyMap<string, Backlog>> | undefined;
  private restsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly repository: BacklogsRepository) {}

  read(): Promise<ReadonlyMap<string, Backlog>> {
    if (!this.looking || performance.now() >= this.restsUntilMs) this.looking = this.look();
    return this.looking;
  }

  private async look(): Promise<ReadonlyMap<string, Backlog>> {
    this.restsUntilMs = Number.POSITIVE_INFINITY;
    const beganMs = performance.now();
    try {
      return await this.repository.all();
    } catch (error) {
      this.looking = undefined;
      throw error;
    } finally {
      const nowMs = performance.now();
      this.restsUntilMs = nowMs + (nowMs - beganMs) * REST_PER_LOOK;
    }
  }
}
