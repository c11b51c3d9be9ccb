import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Kept on the socket itself: this runs for every request, where a listener or an entry in a weak map is felt. */
const EXCHANGES = Symbol('exchanges of a connection');
type TrackedSocket = Socket & { [EXCHANGES]?: Exchange[] };

/** The exchanges of every connection, in their order: a caller may send requests before it has its answers. */
export class Exchanges {
  constructor(server: Server) {
    // First of all who listen: whoever answers may want to know.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      begin({ request, response }),
    );
  }

  /** The one whose request has come last, be it answered or not. */
  last(socket: TrackedSocket): Exchange | undefined {
    return socket[EXCHANGES]?.at(-1);
  }

  /** Calls back once all that came before a request, or all that came at all, have been answered. */
  whenAnswered(socket: TrackedSocket, before: IncomingMessage | undefined, callback: () => void): void {
    const open = (socket[EXCHANGES] ?? []).filter(isOpen);
    const end = open.findIndex(({ request }) => request === before);
    const last = open.at(end === -1 ? -1 : end - 1);
    // Answers leave in the order of their requests (RFC 9112, section 9.3.2).
    if (!last || end === 0) callback();
    else last.response.once('close', callback);
  }
}

/** How many requests of a connection have come, and not been answered; the one at hand is one of them. */
export function unanswered(socket: TrackedSocket): number {
  return socket[EXCHANGES]?.length ?? 0;
}

function begin(exchange: Exchange): void {
  const socket = exchange.request.socket as TrackedSocket;
  const former = socket[EXCHANGES];
  // Nearly always there is one, and it is over.
  if (former?.some(isOpen)) socket[EXCHANGES] = [...former.filter(isOpen), exchange];
  else socket[EXCHANGES] = [exchange];
}

function isOpen({ response }: Exchange): boolean {
  return !response.closed;
}
