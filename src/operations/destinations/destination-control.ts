import { Injectable } from '@nestjs/common';
import { DestinationDirectory } from '../../delivery/destinations/destination-directory.js';
import { Lanes } from '../../delivery/dispatcher/lanes.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import type { DestinationBacklog } from './backlogs.repository.js';

/** What of the delivery an operator sees and touches. */
@Injectable()
export class DestinationControl {
  constructor(
    private readonly directory: DestinationDirectory,
    private readonly lanes: Lanes,
    private readonly events: IntakeEvents,
  ) {}

  breakerOf({ id }: DestinationBacklog): ReturnType<Lanes['breakerOf']> {
    return this.lanes.breakerOf(id);
  }

  /** To be called after the commit. */
  changed(id: string): void {
    this.directory.changed(id);
    this.events.emit('due', [id]);
  }
}
