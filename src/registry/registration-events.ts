import { Injectable } from '@nestjs/common';
import { EventEmitter } from 'node:events';

/** Says, after the commit, that merchants or tokens were registered: calls recorded for them may now be matched. */
@Injectable()
export class RegistrationEvents extends EventEmitter<{ registered: [] }> {}
