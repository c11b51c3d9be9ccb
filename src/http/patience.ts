import type { Socket } from 'node:net';

const patient = new WeakSet<Socket>();

/**
 * The request at hand may take longer than `REQUEST_TIMEOUT_MS` to arrive: an upload that is answered while it is being
 * sent, and whose reader sees to it that it moves.
 *
 * @returns to be called when the request has been answered
 */
export function grantPatience(socket: Socket): () => void {
  patient.add(socket);
  return () => patient.delete(socket);
}

export function hasPatience(socket: Socket): boolean {
  return patient.has(socket);
}
