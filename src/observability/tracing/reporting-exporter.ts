import { Logger } from '@nestjs/common';
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

type Export = SpanExporter['export'];

/** Tells the log when spans cease to arrive, and when they arrive again; not for each batch. */
export class ReportingExporter implements SpanExporter {
  private readonly logger = new Logger('Tracing');
  private isFailing = false;

  constructor(private readonly inner: SpanExporter) {}

  export(spans: ReadableSpan[], done: Parameters<Export>[1]): void {
    this.inner.export(spans, (result) => {
      this.report(result.code === ExportResultCode.FAILED, result.error);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.inner.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  private report(isFailing: boolean, error: Error | undefined): void {
    if (isFailing === this.isFailing) return;
    this.isFailing = isFailing;
    // Not its message: that may be what the receiver has answered.
    if (isFailing) this.logger.warn({ msg: 'Traces are not taken', cause: error?.name ?? 'unknown' });
    else this.logger.log({ msg: 'Traces are taken again' });
  }
}
