import { Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../../config/gateway-config.js';
import { asDomainError } from '../../errors/common-errors.js';
import type { DomainError } from '../../errors/domain-error.js';
import { logError } from '../log-error.js';

/**
 * Answers on D1's own paths: only statuses of the contract leave. An error that is none of the domain's becomes 503,
 * which D1 retries.
 */
@Injectable()
export abstract class ContractErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ContractErrorFilter.name);

  constructor(private readonly config: GatewayConfig) {}

  protected abstract body(error: DomainError): object;

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = asDomainError(exception);
    logError(this.logger, error, request.id);
    sendError(http.getResponse<FastifyReply>(), error, this.body(error), this.config.server.retryAfterSeconds);
  }
}

export function sendError(reply: FastifyReply, error: DomainError, body: object, retryAfterSeconds: number): void {
  if (error.status === 503) void reply.header('Retry-After', retryAfterSeconds);
  void reply.status(error.status).headers(error.headers).type('application/json; charset=utf-8').send(body);
}
