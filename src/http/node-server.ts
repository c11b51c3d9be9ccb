import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';

/** An expectation that nobody knows may be ignored (RFC 9110, section 10.1.1); by itself node would answer 417. */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** RFC 9112, section 3.2: to be answered 400. By itself node would do so without a body. */
export function lacksHost({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && headers.host === undefined;
}
