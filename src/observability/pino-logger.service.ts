import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { describeCause } from '../http/log-error.js';
import { listedFields } from './log-fields.js';
import { logLine } from './log-line.js';
import { stdoutLines } from './stdout-lines.js';
import type { GatewayConfig } from '../config/gateway-config.js';

type Level = 'info' | 'warn' | 'error' | 'fatal' | 'debug' | 'trace';

/** Framework chatter of the start, of interest to nobody but its developers. */
const CHATTER = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'NestFactory', 'NestApplication']);

/**
 * JSON lines by pino. A message is a text, or an object whose fields become the line's, where they are on the list. Card numbers
 * are masked, and nothing else is: secrets, access tokens and headers are never given to a logger in the first place, which a test holds.
 */
export class PinoLoggerService implements LoggerService {
  readonly pino: Logger;

  constructor(
    { logLevel }: Pick<GatewayConfig, 'logLevel'>,
    private readonly destination: DestinationStream = stdoutLines(),
  ) {
    this.pino = pino(
      {
        level: logLevel,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
        // Whatever a line holds, and whoever has written it.
        hooks: { streamWrite: logLine },
      },
      destination,
    );
  }

  /** A line that is as it shall be written, card numbers masked and controls escaped. */
  writeLine(line: string): void {
    this.destination.write(line);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest appends the context, and before it, for errors, a stack. */
  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const quiet = level === 'info' && typeof context === 'string' && CHATTER.has(context);
    this.pino[quiet ? 'debug' : level]({
      ...(typeof context === 'string' && { context }),
      ...(typeof stack === 'string' && { stack }),
      ...fieldsOf(message),
    });
  }
}

function fieldsOf(message: unknown): object {
  // As the framework gives one that nobody has caught; nothing of an error is enumerable but what a driver has added.
  if (message instanceof Error) return { msg: message.message, cause: describeCause(message) };
  return typeof message === 'object' && message !== null ? listedFields(message) : { msg: String(message) };
}
