import type { Server, Socket } from 'node:net';
import type { Exchanges } from './exchanges.js';

/**
 * Closes connections whose caller takes nothing of an answer for as long as the server's `timeout`, and those that are idle,
 * as node does by itself. One that waits for an answer is nobody's fault but ours: node would close it, too.
 */
export function closeUnread(server: Server, exchanges: Exchanges): void {
  server.on('timeout', (socket: Socket) => {
    const last = exchanges.last(socket);
    const isWaiting = last?.response.closed === false;
    // Beyond what the two systems keep: whoever takes some of it has begun another `timeout`.
    const isUnread = socket.writableLength > 0;
    if (isUnread || !isWaiting) socket.destroy();
  });
}
