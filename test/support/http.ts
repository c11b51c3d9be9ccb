import { once } from 'node:events';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as text; empty where there is none. */
  readonly body: string;
  json<T = unknown>(): T;
}

export interface Call {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Sends a request as it stands: unlike `fetch`, neither path nor headers are tidied up. */
export async function send(
  baseUrl: string,
  path: string,
  { method = 'POST', headers = {}, body }: Call = {},
): Promise<Answer> {
  const { hostname, port } = new URL(baseUrl);
  const request = httpRequest({
    hostname,
    port,
    path,
    method,
    headers: { ...headers, ...lengthOf(body) },
    agent: false,
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  const received = await text(response);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: received,
    json: <T>() => JSON.parse(received) as T,
  };
}

/** Sends bytes over a socket and returns all that comes back until the server closes. */
export async function sendRaw(baseUrl: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

function lengthOf(body: string | Buffer | undefined): OutgoingHttpHeaders {
  return body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
}
