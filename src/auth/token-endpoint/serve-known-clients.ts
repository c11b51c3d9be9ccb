import { ACCESS_TOKEN_PATH, type AccessTokenResponse } from '@gateway/d1-contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { serveBefore, type LaneSurroundings } from '../../http/before-framework.js';
import { correlationIdFor } from '../../http/correlation-id.js';
import { NO_STORE } from '../../http/no-store.js';
import type { KnownClientLane } from './known-client-lane.js';

/** Answers known clients before the framework. */
export function serveKnownClients(server: Server, lane: KnownClientLane, surroundings: LaneSurroundings): void {
  serveBefore(server, {
    recognise: (request) => (surroundings.isClosedTo(request) ? undefined : lane.recognise(request)),
    serve: (request, response, client, handOver) => {
      const startedMs = performance.now();
      lane.issue(request, client).then(
        (issued) => answer(request, response, issued, startedMs, surroundings),
        () => handOver(request, response),
      );
    },
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  issued: AccessTokenResponse,
  startedMs: number,
  { addressOf, headers, onAnswered }: LaneSurroundings,
): void {
  const correlationId = correlationIdFor(request);
  const body = JSON.stringify(issued);
  response
    .writeHead(200, {
      'x-correlation-id': correlationId,
      ...NO_STORE,
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
  // Of whom hangs up, the ordinary way does not tell either.
  if (response.destroyed) return;
  onAnswered({
    method: 'POST',
    route: ACCESS_TOKEN_PATH,
    status: 200,
    durationMs: performance.now() - startedMs,
    correlationId,
    remoteAddress: addressOf(request),
  });
}
