import { NOTIFY_UPDATE_PATH } from '@gateway/d1-contract';
import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../../auth/access-tokens/caller.js';
import { maskPan } from '../../privacy/mask-pan.js';
import type { IncomingCall } from '../../tokens/incoming-call.js';

/** Asked every few seconds by those who watch the gateway, and of interest to nobody. */
const UNTRACED = /^\/(health|metrics)(\/|$)/;

/**
 * A span for each request, in the trace of the caller where it sends one (`traceparent`, W3C Trace Context). Of the path it
 * tells the route alone, and no header but the correlation id.
 */
export class RequestSpans {
  private readonly propagator = new W3CTraceContextPropagator();
  /** Of notify-update calls that have not been answered. */
  private readonly calls = new Map<string, Span>();

  constructor(private readonly tracer: Tracer) {}

  begin(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if (!UNTRACED.test(request.routeOptions.url ?? '')) this.trace(request, reply);
      done();
    });
  }

  /** Of the request that a call came with. Calls that differ in nothing are not told apart. */
  contextOf(call: IncomingCall): SpanContext | undefined {
    return this.calls.get(keyOf(call.correlationId, call))?.spanContext();
  }

  private trace(request: FastifyRequest, reply: FastifyReply): void {
    const { method, headers, id } = request;
    const route = request.routeOptions.url;
    const attributes = {
      'http.request.method': method,
      ...(route !== undefined && { 'http.route': route }),
      'd1.correlation_id': maskPan(id),
    };
    const parent = this.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const name = route === undefined ? method : `${method} ${route}`;
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    const key = route === NOTIFY_UPDATE_PATH ? keyOf(id, request.params as CallIds) : undefined;
    if (key !== undefined) this.calls.set(key, span);
    // Not `onResponse`, which a caller that hangs up does not bring about.
    reply.raw.once('close', () => {
      if (key !== undefined && this.calls.get(key) === span) this.calls.delete(key);
      end(span, request, reply);
    });
  }
}

type CallIds = Pick<IncomingCall, 'merchantGatewayId' | 'merchantId' | 'tokenId'>;

function keyOf(correlationId: string, { merchantGatewayId, merchantId, tokenId }: CallIds): string {
  return [correlationId, merchantGatewayId, merchantId, tokenId].join('/');
}

function end(span: Span, request: FastifyRequest, { raw: { writableFinished, statusCode } }: FastifyReply): void {
  const clientId = callerOf(request)?.clientId;
  if (clientId) span.setAttribute('d1.client_id', clientId);
  if (writableFinished) span.setAttribute('http.response.status_code', statusCode);
  if (!writableFinished || statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
