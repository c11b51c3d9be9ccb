import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import { addressKey } from '../../http/address-key.js';
import { serveBefore } from '../../http/before-framework.js';
import type { UnprovenTurns } from './unproven-turns.js';

interface Surroundings {
  readonly addressOf: (request: IncomingMessage) => string;
  /** Whether a request is refused at once in any case: its connection is one too many. */
  readonly isOneTooMany: (request: IncomingMessage) => boolean;
}

/**
 * Has requests with client credentials that are not known to be right wait for their turn before the framework. By their header
 * and not by their path, which may be written in many ways.
 */
export function serveInTurn(server: Server, turns: UnprovenTurns, { addressOf, isOneTooMany }: Surroundings): void {
  serveBefore(server, {
    recognise: (request) => (isOneTooMany(request) || !turns.mustWait(request) ? undefined : true),
    serve: (request, response, _waits, handOver) =>
      turns.wait(addressKey(addressOf(request)), request, () => handOver(request, response)),
  });
}
