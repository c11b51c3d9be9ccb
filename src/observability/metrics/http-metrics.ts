import { ACCESS_TOKEN_PATH } from '@gateway/d1-contract';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { AnsweredRequest } from '../../http/answered-request.js';
import { Buckets, DURATION_BOUNDS_S } from './buckets.js';
import { MetricsRegistry } from './metrics-registry.js';

interface RouteStats {
  readonly labels: { readonly method: string; readonly route: string };
  readonly byStatus: Map<number, number>;
  readonly seconds: Buckets;
}

type Counted = Pick<AnsweredRequest, 'method' | 'route' | 'status' | 'durationMs'>;

/** What has no route: of paths that others think up there is no end. */
const NO_ROUTE = 'none';

/** Requests by route and status, and with them access tokens granted and refused. */
@Injectable()
export class HttpMetrics {
  private readonly byRoute = new Map<string, Map<string, RouteStats>>();

  constructor(registry: MetricsRegistry) {
    registry.collectCounter({
      name: 'http_requests_total',
      help: 'Requests answered',
      labelNames: ['method', 'route', 'status'],
      series: () => this.requests(),
    });
    registry.collectCounter({
      name: 'access_tokens_total',
      help: 'Requests for access tokens: granted, or refused with which status',
      labelNames: ['result'],
      series: () => this.accessTokens(),
    });
    registry.collectHistogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of its answer',
      series: () => this.durations(),
    });
  }

  countRequests(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', ({ method, routeOptions }, { statusCode: status, elapsedTime: durationMs }, done) => {
      this.count({ method, route: routeOptions.url, status, durationMs });
      done();
    });
  }

  count({ method, route = NO_ROUTE, status, durationMs }: Counted): void {
    const { byStatus, seconds } = this.byRoute.get(route)?.get(method) ?? this.begin(route, method);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    seconds.observe(durationMs / 1000);
  }

  private begin(route: string, method: string): RouteStats {
    const stats = { labels: { method, route }, byStatus: new Map<number, number>(), seconds: newBuckets() };
    const methods = this.byRoute.get(route) ?? new Map<string, RouteStats>();
    this.byRoute.set(route, methods.set(method, stats));
    return stats;
  }

  private *all(): Iterable<RouteStats> {
    for (const methods of this.byRoute.values()) yield* methods.values();
  }

  private *requests() {
    for (const { labels, byStatus } of this.all()) {
      for (const [status, value] of byStatus) yield { labels: { ...labels, status: String(status) }, value };
    }
  }

  private *durations() {
    for (const { labels, seconds } of this.all()) yield { labels, buckets: seconds };
  }

  private *accessTokens() {
    for (const [status, value] of this.byRoute.get(ACCESS_TOKEN_PATH)?.get('POST')?.byStatus ?? []) {
      yield { labels: { result: status === 200 ? 'granted' : `refused_${status}` }, value };
    }
  }
}

const newBuckets = (): Buckets => new Buckets(DURATION_BOUNDS_S);
