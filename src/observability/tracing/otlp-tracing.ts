import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { FastifyInstance } from 'fastify';
import { setTimeout as wait } from 'node:timers/promises';
import type { TracingConfig } from '../../config/gateway-config.js';
import type { Deliverer } from '../../delivery/dispatcher/deliverer.js';
import type { IntakeEvents } from '../../tokens/intake/intake-events.js';
import { CommitSpans } from './commit-spans.js';
import { NotificationTraces } from './notification-traces.js';
import { ReportingExporter } from './reporting-exporter.js';
import { RequestSpans } from './request-spans.js';
import { Tracing } from './tracing.js';
import { TrySpans } from './try-spans.js';

const EXPORT_TIMEOUT_MS = 5000;
/** As long as the gateway's end may be held up by a receiver that does not answer. */
const FLUSH_TIMEOUT_MS = 3000;

/** Traces by OTLP over HTTP, as JSON. Nobody waits for the receiver, and what does not fit into the queue is dropped. */
export class OtlpTracing extends Tracing {
  private readonly provider: TracerProvider;
  private readonly requests: RequestSpans;

  constructor(
    { tracesUrl, headers, sampleRatio, serviceName }: TracingConfig,
    intake: IntakeEvents,
    deliverer: Deliverer,
  ) {
    super();
    const exporter = new OTLPTraceExporter({
      url: tracesUrl,
      headers: { ...headers },
      timeoutMillis: EXPORT_TIMEOUT_MS,
    });
    const ratio = new TraceIdRatioBasedSampler(sampleRatio);
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      // Whether a caller wants its trace kept is asked of whoever can send a header: it does not decide how much is.
      sampler: new ParentBasedSampler({ root: ratio, remoteParentSampled: ratio }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new ReportingExporter(exporter) })],
    });
    const tracer = this.provider.getTracer(serviceName);
    const notifications = new NotificationTraces();
    this.requests = new RequestSpans(tracer);
    new CommitSpans(tracer, this.requests, notifications).listenTo(intake);
    new TrySpans(tracer, notifications).listenTo(deliverer);
  }

  override traceRequests(fastify: FastifyInstance): void {
    this.requests.begin(fastify);
  }

  override async onApplicationShutdown(): Promise<void> {
    const flushed = this.provider.shutdown().catch(() => undefined);
    await Promise.race([flushed, wait(FLUSH_TIMEOUT_MS, undefined, { ref: false })]);
  }
}
