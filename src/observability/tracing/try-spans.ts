import {
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { DestinationTarget } from '../../delivery/destinations/destination-sender.js';
import type { Deliverer } from '../../delivery/dispatcher/deliverer.js';
import type { ClaimedDelivery, Settlement } from '../../delivery/repository/deliveries.repository.js';
import { maskPan } from '../../privacy/mask-pan.js';
import type { NotificationTraces } from './notification-traces.js';

interface Try {
  readonly span: Span;
  readonly startedAtMs: number;
}

/**
 * A span for each try of a delivery, which the merchant's own go on from: webhooks carry `traceparent`. It tells ids and what
 * came of it; no token, no payload, no URL, and no reason, since that may be a merchant's text.
 */
export class TrySpans {
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly tries = new WeakMap<ClaimedDelivery, Try>();

  constructor(
    private readonly tracer: Tracer,
    private readonly notifications: NotificationTraces,
  ) {}

  listenTo(deliverer: Deliverer): void {
    deliverer.on('trying', (delivery, destination, headers) => this.begin(delivery, destination, headers));
    deliverer.on('tried', (delivery, settlement) => this.end(delivery, settlement));
  }

  private begin(delivery: ClaimedDelivery, destination: DestinationTarget, headers: Record<string, string>): void {
    const { notificationId, correlationId, merchantGatewayId, merchantId } = delivery.event.data;
    const notification = this.notifications.of(notificationId);
    const parent = notification ? trace.setSpanContext(ROOT_CONTEXT, notification) : ROOT_CONTEXT;
    const startedAtMs = Date.now();
    const attributes = {
      'd1.correlation_id': maskPan(correlationId),
      'd1.notification_id': notificationId,
      'd1.delivery_id': delivery.id,
      'd1.attempt': delivery.attempts + 1,
      'd1.merchant_gateway_id': merchantGatewayId,
      'd1.merchant_id': merchantId,
      'd1.destination.kind': destination.kind,
      'd1.destination.name': maskPan(destination.name),
    };
    const options = { kind: SpanKind.PRODUCER, startTime: startedAtMs, attributes };
    const span = this.tracer.startSpan(`deliver ${destination.kind}`, options, parent);
    this.propagator.inject(trace.setSpan(ROOT_CONTEXT, span), headers, defaultTextMapSetter);
    this.tries.set(delivery, { span, startedAtMs });
  }

  /** A try ends before it is on record, which is when this is told. */
  private end(delivery: ClaimedDelivery, { attempt: { outcome, statusCode, durationMs } }: Settlement): void {
    const found = this.tries.get(delivery);
    if (!found) return;
    const { span, startedAtMs } = found;
    span.setAttribute('d1.outcome', outcome);
    if (statusCode !== null) span.setAttribute('http.response.status_code', statusCode);
    if (outcome !== 'delivered') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(startedAtMs + durationMs);
  }
}
