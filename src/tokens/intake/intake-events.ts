import { Injectable } from '@nestjs/common';
import { EventEmitter } from 'node:events';

/** Says, after the commit, for which destinations there are new deliveries. */
@Injectable()
export class IntakeEvents extends EventEmitter<{ due: [destinationIds: readonly string[]] }> {}
