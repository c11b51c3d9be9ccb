import { Injectable } from '@nestjs/common';
import { EventEmitter } from 'node:events';
import type { IncomingCall } from '../incoming-call.js';
import type { IntakeResult } from './intake-result.js';

interface Events {
  /** After the commit: for which destinations there are new deliveries. */
  due: [destinationIds: readonly string[]];
  /** A batch is on disk; what became of its calls, in their order, and how long the commit took. */
  committed: [results: readonly IntakeResult[], durationMs: number, calls: readonly IncomingCall[]];
  notCommitted: [calls: readonly IncomingCall[], durationMs: number];
  /** So many unmatched notifications became notifications. */
  matched: [notifications: number];
}

/** What the intake says to those above it. It waits for nobody who listens. */
@Injectable()
export class IntakeEvents extends EventEmitter<Events> {}
