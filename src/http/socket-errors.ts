import { D1ErrorCode } from '@gateway/d1-contract';
import type { Socket } from 'node:net';

type ClientError = Error & { readonly code?: string };

/** Codes of node's server for a request that did not arrive in time. */
const TIMEOUTS = new Set(['ERR_HTTP_REQUEST_TIMEOUT']);

/**
 * Answers what node's HTTP parser refuses before there is a request: malformed lines, headers over the limit (an
 * over-long URL among them), a request that never completes. By itself node would say 400, 431 or 408; D1's contract
 * knows 400 for what cannot be right and 503 for what may pass.
 */
export function answerSocketError(retryAfterSeconds: number): (error: ClientError, socket: Socket) => void {
  const malformed = rawResponse('400 Bad Request', {
    errorCode: D1ErrorCode.FieldInvalidFormat,
    error: 'The request is not well-formed HTTP',
  });
  const timedOut = rawResponse('503 Service Unavailable', { error: 'The request did not arrive in time' }, [
    `Retry-After: ${retryAfterSeconds}`,
  ]);
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy(error);
      return;
    }
    socket.end(TIMEOUTS.has(error.code ?? '') ? timedOut : malformed);
  };
}

function rawResponse(statusLine: string, body: object, headers: readonly string[] = []): string {
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${statusLine}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'Pragma: no-cache',
    'Connection: close',
    ...headers,
    '',
    text,
  ].join('\r\n');
}
