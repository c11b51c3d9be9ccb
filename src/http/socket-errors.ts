import { Logger } from '@nestjs/common';
import { D1ErrorCode, type D1ErrorBody } from '@gateway/d1-contract';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchanges } from './exchanges.js';
import { hasPatience } from './patience.js';

type ClientError = Error & { readonly code?: string };

/** Codes of node's server for a request that did not arrive in time. */
const TIMEOUTS = new Set(['ERR_HTTP_REQUEST_TIMEOUT']);

const LINGER_MS = 1000;

const TIMED_OUT: D1ErrorBody = { error: 'The request did not arrive in time' };

const MALFORMED: D1ErrorBody = {
  errorCode: D1ErrorCode.FieldInvalidFormat,
  error: 'The request is not well-formed HTTP',
};

/** @param culprit the request at fault, where there is one; else it is what came last */
export type AnswerSocketError = (error: ClientError, socket: Socket, culprit?: IncomingMessage) => void;

/**
 * Answers what node's HTTP parser refuses before there is a request: malformed lines, headers over the limit (an
 * over-long URL among them), a request that never completes. By itself node would say 400, 431 or 408; D1's contract
 * knows 400 for what cannot be right and 503 for what may pass. Earlier calls on the connection get their answers first:
 * D1 would take this one for theirs.
 */
export function answerSocketError(retryAfterSeconds: number, exchangesOf: () => Exchanges): AnswerSocketError {
  const logger = new Logger('SocketErrors');
  const condemned = new WeakSet<Socket>();
  const answer = (error: ClientError, socket: Socket): void => {
    // An earlier answer was the last one.
    if (!socket.writable) return;
    // Whatever id was sent has not been read.
    const correlationId = randomUUID();
    logger.log({ msg: 'Not a request', cause: error.code, correlationId });
    close(
      socket,
      TIMEOUTS.has(error.code ?? '')
        ? rawResponse('503 Service Unavailable', TIMED_OUT, correlationId, [`Retry-After: ${retryAfterSeconds}`])
        : rawResponse('400 Bad Request', MALFORMED, correlationId),
    );
  };
  return (error, socket, culprit) => {
    if (hasPatience(socket)) {
      // It is being answered already. What breaks off ends it: its reader waits for the rest, and the answer for its reader.
      if (!TIMEOUTS.has(error.code ?? '')) socket.destroy(error);
      return;
    }
    if (error.code === 'ECONNRESET' || (!socket.writable && !socket.writableEnded)) {
      socket.destroy(error);
      return;
    }
    // It is being answered, or has been; whatever else comes is thrown away.
    if (condemned.has(socket) || socket.writableEnded) return;
    condemned.add(socket);
    const exchanges = exchangesOf();
    const last = exchanges.last(socket);
    const atFault = culprit ?? (last?.request.complete === false ? last.request : undefined);
    // The rest of a body whose request has its answer already: there is no other to give.
    const answered = culprit === undefined && atFault !== undefined && last?.response.headersSent === true;
    exchanges.whenAnswered(socket, answered ? undefined : atFault, () => {
      if (answered) close(socket);
      else answer(error, socket);
    });
  };
}

function close(socket: Socket, lastWords = ''): void {
  socket.end(lastWords);
  // Time to read the answer, but not for ever: whoever never closes would use up the connections.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
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
    'X-Content-Type-Options: nosniff',
    `x-correlation-id: ${correlationId}`,
    'Connection: close',
    ...headers,
    '',
    text,
  ].join('\r\n');
}
