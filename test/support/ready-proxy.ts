import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const CHECK_INTERVAL_MS = 50;

/**
 * A TCP load balancer: new connections go in turn to the ports whose /health/ready is good, and wait while there is none,
 * as with any balancer that queues.
 */
export class ReadyProxy {
  readonly ready = new Set<number>();
  private readonly sockets = new Set<Socket>();
  private readonly checking: Promise<unknown>;
  private turn = 0;
  private closed = false;

  private constructor(
    private readonly server: Server,
    ports: readonly number[],
  ) {
    server.on('connection', (client: Socket) => void this.pass(client));
    this.checking = Promise.all(ports.map((port) => this.watch(port)));
  }

  static async start(ports: readonly number[]): Promise<ReadyProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ReadyProxy(server, ports);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await this.checking;
  }

  private async watch(port: number): Promise<void> {
    while (!this.closed) {
      const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => ({ ok: false }));
      if (ok) this.ready.add(port);
      else this.ready.delete(port);
      await wait(CHECK_INTERVAL_MS);
    }
  }

  private async pass(client: Socket): Promise<void> {
    this.sockets.add(client);
    client.on('error', () => undefined).once('close', () => this.sockets.delete(client));
    while (this.ready.size === 0 && !client.destroyed) await wait(CHECK_INTERVAL_MS);
    if (client.destroyed) return;
    this.turn += 1;
    const port = [...this.ready][this.turn % this.ready.size] ?? 0;
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
    this.sockets.add(upstream);
    upstream.on('error', () => undefined).once('close', () => this.sockets.delete(upstream));
    client.pipe(upstream).pipe(client);
    client.once('close', () => upstream.destroy());
    upstream.once('close', (hadError: boolean) => (hadError ? client.resetAndDestroy() : client.end()));
  }
}
