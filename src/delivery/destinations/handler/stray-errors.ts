import { Injectable, Logger } from '@nestjs/common';
import { describeCause } from '../../../http/log-error.js';
import { HandlerWatch } from './handler-watch.js';

/**
 * Errors that a team's code throws where nobody can catch them: in a timer, in a promise that nobody awaits. Node would end
 * the process, and D1's calls with it; they are logged with its name instead. Anybody else's such error still
 * ends the process: nothing is known of the state it leaves.
 */
@Injectable()
export class StrayErrors {
  private readonly logger = new Logger(StrayErrors.name);
  private readonly onError = (error: unknown): void => this.take(error);

  constructor(private readonly watch: HandlerWatch) {}

  /** To be called before anything of a team's runs. */
  begin(): void {
    this.watch.begin();
    process.on('uncaughtException', this.onError);
    process.on('unhandledRejection', this.onError);
  }

  /** To be called after the last of it has ended. */
  end(): void {
    process.off('uncaughtException', this.onError);
    process.off('unhandledRejection', this.onError);
  }

  private take(error: unknown): void {
    const handler = this.watch.current;
    if (handler !== undefined) {
      this.watch.strayed(handler);
      this.logger.error({ msg: 'A handler threw where nobody could catch it', handler, cause: describeCause(error) });
    } else if (process.listenerCount('uncaughtException') === 1) {
      // As node would have done.
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    }
  }
}
