import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import type { AnsweredRequest } from './answered-request.js';

/** Lets the framework have a request after all. */
type HandOver = (request: IncomingMessage, response: ServerResponse) => void;

/** What whoever answers before the framework needs to do as it does. */
export interface LaneSurroundings {
  /** Whether a request must go the ordinary way: its connection is one too many, or the server is draining. */
  readonly isClosedTo: (request: IncomingMessage) => boolean;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the log and the metrics. */
  readonly onAnswered: (answered: AnsweredRequest) => void;
}

/** Who is offered each request before the framework. */
interface RequestLane<Recognised> {
  /** @returns what is known of a request that he takes; undefined leaves it to the next, and at last to the framework */
  readonly recognise: (request: IncomingMessage) => Recognised | undefined;
  /** He may still hand it over later, as long as he has answered nothing. */
  readonly serve: (
    request: IncomingMessage,
    response: ServerResponse,
    recognised: Recognised,
    handOver: HandOver,
  ) => void;
}

/** Offers each request to a lane before the framework, and before the lanes that came here earlier. */
export function serveBefore<Recognised>(server: Server, { recognise, serve }: RequestLane<Recognised>): void {
  const next = server.listeners('request').at(-1) as HandOver;
  const handOver: HandOver = next.bind(server);
  server.off('request', next);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const recognised = recognise(request);
    if (recognised === undefined) handOver(request, response);
    else serve(request, response, recognised, handOver);
  });
}
