// The network between the gateways and their database, as a TCP proxy that can be cut.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Network {
  static async to(port) {
    const network = new Network();
    network.target = port;
    network.sockets = new Set();
    network.isCut = false;
    network.server = createServer({ noDelay: true }, (client) => network.take(client));
    network.server.listen(0, '127.0.0.1');
    await once(network.server, 'listening');
    network.port = network.server.address().port;
    return network;
  }

  /** Nothing gets through any more, on old connections and on new ones, and nobody is told. */
  cut() {
    this.isCut = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** New connections work. The old ones stay dead, as a firewall that has lost its table leaves them. */
  heal() {
    this.isCut = false;
  }

  /** Every connection is reset. */
  reset() {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  take(client) {
    this.keep(client);
    if (this.isCut) {
      client.pause();
      return;
    }
    const upstream = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    this.keep(upstream);
    upstream.once('error', () => client.resetAndDestroy());
    upstream.once('connect', () => !this.isCut && this.join(client, upstream));
  }

  join(client, upstream) {
    client.pipe(upstream);
    upstream.pipe(client);
    // What one end does during a cut the other does not hear of.
    client.once('close', () => this.isCut || upstream.destroy());
    upstream.once('close', () => this.isCut || client.destroy());
  }

  keep(socket) {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
  }

  async close() {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
