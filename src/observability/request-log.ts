import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID, type Identifier } from '@gateway/d1-contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { callerOf } from '../auth/access-tokens/caller.js';

const LOGGED_IDS: readonly Identifier[] = [MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID];

/**
 * One line for each request. What it may hold is listed here and nothing else gets in: no URL as it came, no query, no
 * header but the correlation id, and of the path only ids that are in D1's format.
 *
 * @param wasRefused for overload, of which one line a second tells
 */
export function logRequests(
  fastify: FastifyInstance,
  logger: Logger,
  wasRefused: (request: IncomingMessage) => boolean,
): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const level = isHealthCheck(request) ? 'debug' : 'info';
    if (!wasRefused(request.raw) && logger.isLevelEnabled(level)) logger[level](requestFields(request, reply));
    done();
  });
}

function requestFields(request: FastifyRequest, reply: FastifyReply): object {
  const clientId = callerOf(request)?.clientId;
  return {
    msg: 'request',
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    correlationId: request.id,
    remoteAddress: request.ip,
    ...(clientId && { clientId }),
    ...wellFormedIds(request.params as Record<string, unknown>),
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
