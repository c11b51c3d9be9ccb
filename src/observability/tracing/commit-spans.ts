import { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags, type SpanContext, type Tracer } from '@opentelemetry/api';
import type { IncomingCall } from '../../tokens/incoming-call.js';
import type { IntakeEvents } from '../../tokens/intake/intake-events.js';
import type { NotificationTraces } from './notification-traces.js';
import type { RequestSpans } from './request-spans.js';

/** A span for each commit of the intake: part of the trace of one of its calls, and linked to those of all the others. */
export class CommitSpans {
  constructor(
    private readonly tracer: Tracer,
    private readonly requests: RequestSpans,
    private readonly notifications: NotificationTraces,
  ) {}

  listenTo(intake: IntakeEvents): void {
    intake.on('committed', (_results, durationMs, calls) => this.trace(calls, durationMs, SpanStatusCode.UNSET));
    intake.on('notCommitted', (calls, durationMs) => this.trace(calls, durationMs, SpanStatusCode.ERROR));
  }

  private trace(calls: readonly IncomingCall[], durationMs: number, code: SpanStatusCode): void {
    const endedAtMs = Date.now();
    const [first, ...others] = calls.flatMap((call) => this.sampledContextOf(call) ?? []);
    if (!first) return;
    const options = {
      startTime: endedAtMs - durationMs,
      attributes: { 'd1.intake.batch_size': calls.length },
      links: others.map((context) => ({ context })),
    };
    const span = this.tracer.startSpan('intake commit', options, trace.setSpanContext(ROOT_CONTEXT, first));
    span.setStatus({ code }).end(endedAtMs);
  }

  private sampledContextOf(call: IncomingCall): SpanContext | undefined {
    const context = this.requests.contextOf(call);
    if (context) this.notifications.remember(call.id, context);
    return context && (context.traceFlags & TraceFlags.SAMPLED) !== 0 ? context : undefined;
  }
}
