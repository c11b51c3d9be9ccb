import {
  Catch,
  HttpException,
  Injectable,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../../config/gateway-config.js';
import { asDomainError } from '../../errors/common-errors.js';
import { logError } from '../log-error.js';
import { isContractPath, pathOf } from '../contract-path.js';
import { sendError } from './contract-error.filter.js';
import { d1ErrorBody } from './d1-error.filter.js';

/** Errors outside D1's two operations: unknown paths and methods, and what health checks, documents and teams raise. */
@Catch()
@Injectable()
export class FallbackErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(FallbackErrorFilter.name);

  constructor(private readonly config: GatewayConfig) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (request.method !== 'POST' && isContractPath(pathOf(request.url))) {
      void reply.status(405).header('Allow', 'POST').send({ error: 'Method not allowed' });
    } else if (exception instanceof NotFoundException) {
      void reply.status(404).send({ error: 'No such path' });
    } else if (exception instanceof HttpException) {
      const body = exception.getResponse();
      if (isProblem(body)) void reply.type('application/problem+json');
      void reply.status(exception.getStatus()).send(body);
    } else {
      const error = asDomainError(exception);
      logError(this.logger, error, request.id);
      sendError(reply, error, d1ErrorBody(error), this.config.server.retryAfterSeconds);
    }
  }
}

/** By its form (RFC 9457, section 3). */
function isProblem(body: string | object): boolean {
  return typeof body === 'object' && 'type' in body && 'title' in body && 'status' in body;
}
