import { Catch, Injectable, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config/gateway-config.js';
import { asDomainError } from '../errors/common-errors.js';
import { logError } from '../http/log-error.js';
import { PROBLEM_MEDIA_TYPE, problemOf } from './http/problem.js';

/** Errors of what operators ask and do, as problem details (RFC 9457). What nobody foresaw is 503 here, too. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly config: GatewayConfig) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const error = asDomainError(exception);
    logError(this.logger, error, http.getRequest<FastifyRequest>().id);
    if (error.status === 503) void reply.header('Retry-After', this.config.server.retryAfterSeconds);
    void reply.status(error.status).headers(error.headers).type(PROBLEM_MEDIA_TYPE).send(problemOf(error));
  }
}
