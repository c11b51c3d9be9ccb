import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID, type Identifier } from '@gateway/d1-contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { callerOf } from '../auth/access-tokens/caller.js';
import type { AnsweredRequest } from '../http/answered-request.js';
import type { PinoLoggerService } from './pino-logger.service.js';
import { requestLine } from './request-line.js';

const LOGGED_IDS: readonly Identifier[] = [MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID];

/**
 * One line for each request. What it may hold is listed here and nothing else gets in: no URL as it came, no query, no
 * header but the correlation id, and of the path only ids that are in D1's format.
 *
 * @param wasRefused for overload, of which one line a second tells
 * @returns writes the line of a request that was answered past the framework
 */
export function logRequests(
  fastify: FastifyInstance,
  logger: PinoLoggerService,
  wasRefused: (request: IncomingMessage) => boolean,
): (answered: AnsweredRequest) => void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const level = isHealthCheck(request) ? 'debug' : 'info';
    if (!wasRefused(request.raw) && logger.pino.isLevelEnabled(level))
      logger.writeLine(requestLine(level, answered(request, reply)));
    done();
  });
  return (request) => {
    if (logger.pino.isLevelEnabled('info')) logger.writeLine(requestLine('info', request));
  };
}

function answered(request: FastifyRequest, reply: FastifyReply): AnsweredRequest {
  return {
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    durationMs: reply.elapsedTime,
    correlationId: request.id,
    remoteAddress: request.ip,
    clientId: callerOf(request)?.clientId,
    ids: wellFormedIds(request.params as Record<string, unknown>),
  };
}

function wellFormedIds(params: Record<string, unknown> | undefined): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const { name, pattern } of LOGGED_IDS) {
    const value = params?.[name];
    if (typeof value === 'string' && pattern.test(value)) ids[name] = value;
  }
  return ids;
}

function isHealthCheck(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/health/') ?? false;
}
