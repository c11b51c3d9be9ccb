import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The exchanges of every connection, in their order: a caller may send requests before it has its answers. */
export class Exchanges {
  private readonly bySocket = new WeakMap<Socket, { open: Exchange[]; last: Exchange }>();

  constructor(server: Server) {
    // First of all who listen: whoever answers may want to know.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      this.begin({ request, response }),
    );
  }

  /** The one whose request has come last, be it answered or not. */
  last(socket: Socket): Exchange | undefined {
    return this.bySocket.get(socket)?.last;
  }

  /** Calls back once all that came before a request, or all that came at all, have been answered. */
  whenAnswered(socket: Socket, before: IncomingMessage | undefined, callback: () => void): void {
    const open = this.bySocket.get(socket)?.open ?? [];
    const end = open.findIndex(({ request }) => request === before);
    const last = open.at(end === -1 ? -1 : end - 1);
    // Answers leave in the order of their requests (RFC 9112, section 9.3.2).
    if (!last || end === 0) callback();
    else last.response.once('close', callback);
  }

  private begin(exchange: Exchange): void {
    const { socket } = exchange.request;
    const open = this.bySocket.get(socket)?.open ?? [];
    open.push(exchange);
    this.bySocket.set(socket, { open, last: exchange });
    exchange.response.once('close', () => open.splice(open.indexOf(exchange), 1));
  }
}
