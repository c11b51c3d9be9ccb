import type { HandlerLogger, LogFields } from '@gateway/merchant-kit';
import { Logger } from '@nestjs/common';

/** A logger for a team's code whose lines are found again from D1's call. What the code adds stands apart, in `fields`. */
export function deliveryLogger(
  context: string,
  ids: { readonly correlationId: string; readonly deliveryId: string },
): HandlerLogger {
  const logger = new Logger(context);
  const line = (msg: string, fields?: LogFields): object => ({ msg, ...ids, ...(fields && { fields }) });
  return {
    debug: (message, fields) => logger.debug(line(message, fields)),
    info: (message, fields) => logger.log(line(message, fields)),
    warn: (message, fields) => logger.warn(line(message, fields)),
    error: (message, fields) => logger.error(line(message, fields)),
  };
}
