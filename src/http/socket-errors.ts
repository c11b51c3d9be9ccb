import { Logger } from '@nestjs/common';
import { D1ErrorCode, type D1ErrorBody } from '@gateway/d1-contract';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

type ClientError = Error & { readonly code?: string };

/** Codes of node's server for a request that did not arrive in time. */
const TIMEOUTS = new Set(['ERR_HTTP_REQUEST_TIMEOUT']);

const LINGER_MS = 1000;

const TIMED_OUT: D1ErrorBody = { error: 'The request did not arrive in time' };

const MALFORMED: D1ErrorBody = {
  errorCode: D1ErrorCode.FieldInvalidFormat,
  error: 'The request is not well-formed HTTP',
};

/**
 * Answers what node's HTTP parser refuses before there is a request: malformed lines, headers over the limit (an
 * over-long URL among them), a request that never completes. By itself node would say 400, 431 or 408; D1's contract
 * knows 400 for what cannot be right and 503 for what may pass.
 */
export function answerSocketError(retryAfterSeconds: number): (error: ClientError, socket: Socket) => void {
  const logger = new Logger('SocketErrors');
  return (error, socket) => {
    // It has been answered; whatever else comes is thrown away.
    if (socket.writableEnded) return;
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy(error);
      return;
    }
    // Whatever id was sent has not been read.
    const correlationId = randomUUID();
    logger.log({ msg: 'Not a request', cause: error.code, correlationId });
    socket.end(
      TIMEOUTS.has(error.code ?? '')
        ? rawResponse('503 Service Unavailable', TIMED_OUT, correlationId, [`Retry-After: ${retryAfterSeconds}`])
        : rawResponse('400 Bad Request', MALFORMED, correlationId),
    );
    // Time to read the answer, but not for ever: whoever never closes would use up the connections.
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}

function rawResponse(
  statusLine: string,
  body: D1ErrorBody,
  correlationId: string,
  headers: readonly string[] = [],
): string {
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${statusLine}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'Pragma: no-cache',
    `x-correlation-id: ${correlationId}`,
    'Connection: close',
    ...headers,
    '',
    text,
  ].join('\r\n');
}
