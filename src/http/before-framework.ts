import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import type { AnsweredRequest } from './answered-request.js';

/** Lets the framework have a request after all. */
export type HandOver = () => void;

/** What whoever answers before the framework needs to do as it does. */
export interface LaneSurroundings {
  /** Whether a request must go the ordinary way: its connection is one too many, or the server is draining. */
  readonly isClosedTo: (request: IncomingMessage) => boolean;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the log and the metrics. */
  readonly onAnswered: (answered: AnsweredRequest) => void;
}

/**
 * Offers each request to somebody before the framework, which gets those that he does not take.
 *
 * @param take whether he has taken it; he may still hand it over later, as long as he has answered nothing
 */
export function serveBefore(
  server: Server,
  take: (request: IncomingMessage, response: ServerResponse, handOver: HandOver) => boolean,
): void {
  const framework = server.listeners('request').at(-1) as (request: IncomingMessage, response: ServerResponse) => void;
  server.off('request', framework);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const handOver = (): void => framework.call(server, request, response);
    if (!take(request, response, handOver)) handOver();
  });
}
