// What stands before the instances: hands each connection to the next one that takes it, and asks who is ready.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const CHECK_INTERVAL_MS = 100;

/** A TCP load balancer: round robin over the instances whose /health/ready is good, with fail-over at connecting. */
export class Front {
  static async start() {
    const front = new Front();
    front.instances = [];
    front.turn = 0;
    front.sockets = new Set();
    front.server = createServer({ noDelay: true }, (client) => front.take(client));
    front.server.listen(0, '127.0.0.1');
    await once(front.server, 'listening');
    front.url = `http://127.0.0.1:${front.server.address().port}`;
    front.checking = front.check();
    return front;
  }

  async check() {
    this.ready = new Set();
    while (!this.closed) {
      const checked = this.instances.map(async (instance) => {
        if (await instance.isReady()) this.ready.add(instance);
        else this.ready.delete(instance);
      });
      await Promise.race([Promise.all(checked), wait(CHECK_INTERVAL_MS * 5)]);
      await wait(CHECK_INTERVAL_MS);
    }
  }

  take(client) {
    this.keep(client);
    const ready = this.instances.filter((instance) => this.ready.has(instance));
    // With none that is ready any will do: it is for the instance to say 503.
    const candidates = ready.length > 0 ? ready : this.instances;
    const order = candidates.map((_, index) => candidates[(this.turn + index) % candidates.length]);
    this.turn += 1;
    this.pass(client, order);
  }

  pass(client, [instance, ...others]) {
    if (!instance) {
      client.destroy();
      return;
    }
    const upstream = connect({ port: instance.port, host: '127.0.0.1', noDelay: true });
    this.keep(upstream);
    const failed = () => this.pass(client, others);
    upstream.once('error', failed);
    upstream.once('connect', () => {
      upstream.off('error', failed);
      join(client, upstream);
    });
  }

  keep(socket) {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
  }

  async close() {
    this.closed = true;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await this.checking;
  }
}

/** Bytes both ways; an orderly end stays one, a broken connection breaks the other. */
export function join(client, upstream) {
  client.pipe(upstream);
  upstream.pipe(client);
  client.once('close', () => upstream.destroy());
  upstream.once('close', (hadError) => (hadError ? client.resetAndDestroy() : client.end()));
}
