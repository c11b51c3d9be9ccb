import type { Server, Socket } from 'node:net';
import { addressKey } from './address-key.js';
import { TrustedProxies } from './trusted-proxies.js';

/** Of connections that are only taken to be told 503; any more are dropped unheard, or they would use up the machine. */
const MARGIN = 1000;

export interface ConnectionLimits {
  readonly maxConnections: number;
  /** Of one IPv4 address or /64 network; proxies, who carry everybody's, aside. */
  readonly maxConnectionsPerAddress: number;
  readonly trustedProxies: readonly string[];
}

/** Tells connections that are too many from the others, who are served on. */
export class ConnectionLimit {
  private readonly tooMany = new WeakSet<Socket>();
  private readonly openByAddress = new Map<string, number>();
  private readonly proxies: TrustedProxies;
  private open = 0;

  constructor(
    server: Server,
    private readonly limits: ConnectionLimits,
  ) {
    this.proxies = new TrustedProxies(limits.trustedProxies);
    server.maxConnections = limits.maxConnections + MARGIN;
    // With TLS, the sockets that requests come with.
    for (const event of ['connection', 'secureConnection'])
      server.on(event, (socket: Socket) => this.take(event, socket));
  }

  isOver(socket: Socket): boolean {
    return this.tooMany.has(socket);
  }

  private take(event: string, socket: Socket): void {
    const { remoteAddress } = socket;
    const key = this.proxies.has(remoteAddress) ? undefined : addressKey(remoteAddress);
    // Of TLS connections both events tell; they are counted once, by the first.
    const isFirst = event === 'connection';
    const ofAddress = key === undefined ? 0 : (this.openByAddress.get(key) ?? 0) - (isFirst ? 0 : 1);
    if (this.open >= this.limits.maxConnections || ofAddress >= this.limits.maxConnectionsPerAddress)
      this.tooMany.add(socket);
    if (isFirst) this.count(socket, key);
  }

  private count(socket: Socket, key: string | undefined): void {
    this.open += 1;
    if (key !== undefined) this.openByAddress.set(key, (this.openByAddress.get(key) ?? 0) + 1);
    socket.once('close', () => {
      this.open -= 1;
      if (key === undefined) return;
      const left = (this.openByAddress.get(key) ?? 1) - 1;
      if (left > 0) this.openByAddress.set(key, left);
      else this.openByAddress.delete(key);
    });
  }
}
