import { Logger } from '@nestjs/common';
import type { D1ErrorBody } from '@gateway/d1-contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { GatewayConfig } from '../config/gateway-config.js';
import { ConnectionLimit } from './connection-limit.js';
import { isNotifyUpdatePath, pathOf } from './contract-path.js';
import { unanswered } from './exchanges.js';
import { NO_STORE } from './no-store.js';
import { discardBody } from './request-body.js';

const OVERLOADED = JSON.stringify({ error: 'Not able to answer now' } satisfies D1ErrorBody);
/** Most requests of one connection at a time: who sends on without reading answers has them kept here. */
const MAX_PIPELINED = 100;
/** Of refusals, there being thousands a second, one line tells. */
const REPORT_MS = 1000;

interface LoadShedder {
  /** Whether its connection is one too many, or has too many requests under way. */
  readonly isOneTooMany: (request: IncomingMessage) => boolean;
  /** Whether it was refused for that, or for overload. */
  readonly wasRefused: (request: IncomingMessage) => boolean;
}

/**
 * Refuses what cannot be answered in good time with 503, before anything is spent on it: what is refused late costs what
 * the others need. The token endpoint is not shed: without an access token D1 would get nowhere.
 */
export function shedLoad(
  fastify: FastifyInstance,
  { server }: GatewayConfig,
  isOverloaded: () => boolean,
): LoadShedder {
  const refused = new WeakSet<IncomingMessage>();
  const connections = new ConnectionLimit(fastify.server, server);
  const isOneTooMany = ({ socket }: IncomingMessage): boolean =>
    connections.isOver(socket) || unanswered(socket) > MAX_PIPELINED;
  const report = refusalReport();
  fastify.addHook('onRequest', (request, reply, done) => {
    const isOver = isOneTooMany(request.raw);
    if (!isOver && !(isOverloaded() && isNotifyUpdatePath(pathOf(request.url)))) {
      done();
      return;
    }
    refused.add(request.raw);
    report();
    refuse(request, reply, { retryAfterSeconds: server.retryAfterSeconds, isOver });
  });
  return { isOneTooMany, wasRefused: (request) => refused.has(request) };
}

/** Past the framework's way of answering, which costs several times as much. */
function refuse(
  { raw, id }: FastifyRequest,
  reply: FastifyReply,
  { retryAfterSeconds, isOver }: { retryAfterSeconds: number; isOver: boolean },
): void {
  reply.hijack();
  const isLast = !discardBody(raw) || isOver || reply.getHeader('connection') === 'close';
  reply.raw
    .writeHead(503, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(OVERLOADED),
      ...NO_STORE,
      'X-Content-Type-Options': 'nosniff',
      'Retry-After': retryAfterSeconds,
      'x-correlation-id': id,
      ...(isLast && { Connection: 'close' }),
    })
    .end(OVERLOADED);
}

function refusalReport(): () => void {
  const logger = new Logger('LoadShedding');
  let requests = 0;
  return () => {
    requests += 1;
    if (requests > 1) return;
    setTimeout(() => {
      logger.warn({ msg: 'Overload: requests were refused with 503', requests });
      requests = 0;
    }, REPORT_MS).unref();
  };
}
