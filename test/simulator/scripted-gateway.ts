import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers one request; one that is left unanswered hangs. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** A real HTTP server that answers as the test says, and remembers what it was asked. */
export class ScriptedGateway {
  readonly accessTokenRequests: ReceivedRequest[] = [];
  readonly notifications: ReceivedRequest[] = [];

  private constructor(private readonly server: Server) {}

  static async start(answers: { accessToken?: Answer; notification?: Answer }): Promise<ScriptedGateway> {
    const { accessToken = grant(), notification = accept } = answers;
    const server = createServer();
    const gateway = new ScriptedGateway(server);
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await text(request);
      const received = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      const isNotification = received.path.endsWith('/notify-update');
      (isNotification ? gateway.notifications : gateway.accessTokenRequests).push(received);
      (isNotification ? notification : accessToken)(response, received);
    };
    server.on('request', (request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** 204. */
export const accept: Answer = (response) => void response.writeHead(204).end();

/** The connection ends with no answer. */
export const drop: Answer = (response) => void response.destroy();

/** Nothing, ever. */
export const hang: Answer = () => undefined;

export function refuse(status: number, body: object = {}, headers: Record<string, string> = {}): Answer {
  return (response) => void response.writeHead(status, headers).end(JSON.stringify(body));
}

/** One answer after the other; the last one stays. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let turn = 0;
  return (response, request) => answers[Math.min(turn++, answers.length - 1)]?.(response, request);
}

/** Access tokens `access-token-1`, `access-token-2`, … */
export function grant(expiresInSeconds = 900): Answer {
  let count = 0;
  return (response) => {
    const body = {
      access_token: `access-token-${++count}`,
      token_type: 'Bearer',
      expires_in: expiresInSeconds,
      expires_at: '2026-11-23T12:15:00.000Z',
      scope: 'd1:notify',
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}
