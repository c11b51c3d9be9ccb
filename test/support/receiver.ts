import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TokenUpdatedEvent } from '@gateway/merchant-kit';

export interface ReceivedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly event: TokenUpdatedEvent;
  readonly atMs: number;
}

type Respond = (response: ServerResponse, webhook: ReceivedWebhook) => void;

/** A merchant's receiver on a port of its own: keeps what it gets and answers as the test says. */
export class Receiver {
  readonly received: ReceivedWebhook[] = [];
  respond: Respond = (response) => void response.writeHead(204).end();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => void receiver.take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhook`;
  }

  get sequences(): number[] {
    return this.received.map(({ event }) => event.data.sequence);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    const webhook = { headers, body, event: JSON.parse(body) as TokenUpdatedEvent, atMs: Date.now() };
    this.received.push(webhook);
    this.respond(response, webhook);
  }
}

/** Statuses one after the other; the last one stays. */
export function answers(...statuses: number[]): Respond {
  let turn = 0;
  return (response) => {
    response.writeHead(statuses[Math.min(turn, statuses.length - 1)] ?? 500).end();
    turn += 1;
  };
}
