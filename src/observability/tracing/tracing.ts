import type { OnApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Spans of what the gateway does. Provided where `OTEL_EXPORTER_OTLP_ENDPOINT` is set; else it is undefined, and costs nothing. */
export abstract class Tracing implements OnApplicationShutdown {
  abstract traceRequests(fastify: FastifyInstance): void;

  /** Sends what is left, within a bound. */
  abstract onApplicationShutdown(): Promise<void>;
}
