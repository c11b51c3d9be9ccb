import { NOTIFY_UPDATE_PATH } from '@gateway/d1-contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { serveBefore, type LaneSurroundings } from '../../http/before-framework.js';
import type { FastLane, OrdinaryCall } from './fast-lane.js';
import { setVerdict } from './verdict.js';

/** Answers ordinary notify-update calls before the framework. */
export function serveFastLane(server: Server, lane: FastLane, surroundings: LaneSurroundings): void {
  serveBefore(server, {
    recognise: (request) => (surroundings.isClosedTo(request) ? undefined : lane.recognise(request)),
    serve: (request, response, ordinary, handOver) => {
      const startedMs = performance.now();
      lane.accept(ordinary).then(
        () => answer(request, response, ordinary, startedMs, surroundings),
        (error: unknown) => {
          setVerdict(request, error);
          handOver(request, response);
        },
      );
    },
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { call, caller: { clientId } }: OrdinaryCall,
  startedMs: number,
  { addressOf, headers, onAnswered }: LaneSurroundings,
): void {
  const { correlationId } = call;
  response.writeHead(204, { 'x-correlation-id': correlationId, ...headers }).end();
  // Of whom hangs up, the ordinary way does not tell either.
  if (response.destroyed) return;
  onAnswered({
    method: 'POST',
    route: NOTIFY_UPDATE_PATH,
    status: 204,
    durationMs: performance.now() - startedMs,
    correlationId,
    remoteAddress: addressOf(request),
    clientId,
    ids: call,
  });
}
