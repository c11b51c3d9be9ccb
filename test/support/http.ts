import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Answer } from './answer.js';
import { assertDocumented } from './openapi-check.js';
import type { ConnectionOptions } from 'node:tls';

export type { Answer };

export interface Call {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Whom to trust and what to show, where the URL is https. */
  readonly tls?: ConnectionOptions;
  /** From which of this machine's addresses. */
  readonly localAddress?: string;
}

/**
 * Sends a request as it stands: unlike `fetch`, neither path nor headers are tidied up. Every answer of D1's two
 * operations, and of the operators', is held against the committed OpenAPI document.
 */
export async function send(
  baseUrl: string,
  path: string,
  { method = 'POST', headers = {}, body, tls = {}, localAddress }: Call = {},
): Promise<Answer> {
  const { protocol, hostname, port } = new URL(baseUrl);
  const allHeaders = { ...lengthOf(body, headers), ...headers };
  const options = { hostname, port, path, method, headers: allHeaders, localAddress, agent: false };
  const request = protocol === 'https:' ? httpsRequest({ ...options, ...tls }) : httpRequest(options);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  // Answered before it was all sent: that the rest finds the connection closed is no failure.
  request.on('error', () => {});
  const received = await text(response);
  const answer: Answer = {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: received,
    json: <T>() => JSON.parse(received) as T,
  };
  assertDocumented(method, path, answer);
  return answer;
}

/** Sends bytes over a socket and returns all that comes back until the server closes. */
export async function sendRaw(baseUrl: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

/** A body goes with its length, but in chunks. */
function lengthOf(body: string | Buffer | undefined, headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return body === undefined || headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) };
}
