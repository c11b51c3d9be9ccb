import type { Logger } from '@nestjs/common';
import type { DomainError } from '../errors/domain-error.js';

/** Writes an error with its private side, and nothing of the request but the correlation id. */
export function logError(logger: Logger, error: DomainError, correlationId: string): void {
  logger[error.logLevel]({
    msg: error.message,
    error: error.name,
    status: error.status,
    correlationId,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.cause !== undefined && { cause: describeCause(error.cause) }),
  });
}

/** Name, message, code and stack: a driver's error also carries the statement's parameters, which stay out. */
export function describeCause(cause: unknown): object {
  if (!(cause instanceof Error)) return { message: typeof cause };
  const { name, message, stack } = cause;
  const code = (cause as { code?: unknown }).code;
  return { name, message, ...(typeof code === 'string' && { code }), stack };
}
