import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';

/** An expectation that nobody knows may be ignored (RFC 9110, section 10.1.1); by itself node would answer 417. */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Node drops what is over its own limit without a word; here it is refused. */
const MAX_HEADERS = 100;

/**
 * What is to be answered 400 though node's parser lets it pass: no `Host`, or several, of which a proxy in front may have
 * taken another one (RFC 9112, section 3.2), and more headers than anybody has need of.
 */
export function hasBadHead({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length === 4 && rawHeaders[index]?.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1 || (hosts === 0 && httpVersion === '1.1') || rawHeaders.length > 2 * MAX_HEADERS;
}
