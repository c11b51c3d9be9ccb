/** What a log line may say besides its message. Never put secrets, card numbers or access tokens here. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Writes to the gateway's log. Each line carries the handler's name, the correlation id and the delivery's id, so that it
 * is found again from D1's call.
 *
 * @example
 * ```ts
 * context.logger.info('refreshed', { state: 'ACTIVE' });
 * ```
 */
export interface HandlerLogger {
  /** For whoever looks into something; not shown by default. */
  debug(message: string, fields?: LogFields): void;
  /** What is worth knowing. */
  info(message: string, fields?: LogFields): void;
  /** What somebody should look at some day. */
  warn(message: string, fields?: LogFields): void;
  /** What somebody should look at now. */
  error(message: string, fields?: LogFields): void;
}
