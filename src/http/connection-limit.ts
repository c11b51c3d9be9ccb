import type { Server, Socket } from 'node:net';
import { addressKey } from './address-key.js';
import { TrustedProxies } from './trusted-proxies.js';

/** Of connections that are only taken to be told 503; any more are dropped unheard, or they would use up the machine. */
const MARGIN = 1000;
/** What one address may have of them for being over its own limit; or it would keep the others from being told. */
const MARGIN_PER_ADDRESS = 50;

export interface ConnectionLimits {
  readonly maxConnections: number;
  /** Of one IPv4 address or /64 network; proxies, who carry everybody's, aside. */
  readonly maxConnectionsPerAddress: number;
  readonly trustedProxies: readonly string[];
}

/** Connections that are open: to be served, and too many. */
interface Open {
  served: number;
  tooMany: number;
}

/**
 * Tells connections that are too many from the others, who are served on. Those that are too many take nobody's place, for
 * most of them are one address's, which may leave them open without a request.
 */
export class ConnectionLimit {
  private readonly tooMany = new WeakSet<Socket>();
  /** The same by their two ends: with TLS, the sockets that requests come with are others. */
  private readonly endsOfTooMany = new Set<string>();
  private readonly all: Open = { served: 0, tooMany: 0 };
  private readonly byAddress = new Map<string, Open>();
  private readonly proxies: TrustedProxies;

  constructor(
    server: Server,
    private readonly limits: ConnectionLimits,
  ) {
    this.proxies = new TrustedProxies(limits.trustedProxies);
    server.maxConnections = limits.maxConnections + MARGIN;
    server.on('connection', (socket: Socket) => this.take(socket));
    server.on('secureConnection', (socket: Socket) => {
      if (this.endsOfTooMany.has(endsOf(socket))) this.tooMany.add(socket);
    });
  }

  isOver(socket: Socket): boolean {
    return this.tooMany.has(socket);
  }

  private take(socket: Socket): void {
    const { maxConnections, maxConnectionsPerAddress } = this.limits;
    const { remoteAddress } = socket;
    const key = this.proxies.has(remoteAddress) ? undefined : addressKey(remoteAddress);
    const { served, tooMany } = (key !== undefined && this.byAddress.get(key)) || { served: 0, tooMany: 0 };
    const isTooMany = this.all.served >= maxConnections || served >= maxConnectionsPerAddress;
    const isUnheard = this.all.tooMany >= MARGIN || served + tooMany >= maxConnectionsPerAddress + MARGIN_PER_ADDRESS;
    if (isTooMany && isUnheard) socket.destroy();
    else this.count(socket, key, isTooMany);
  }

  private count(socket: Socket, key: string | undefined, isTooMany: boolean): void {
    const ends = endsOf(socket);
    if (isTooMany) {
      this.tooMany.add(socket);
      this.endsOfTooMany.add(ends);
    }
    const kind = isTooMany ? 'tooMany' : 'served';
    this.add(key, kind, 1);
    socket.once('close', () => {
      this.add(key, kind, -1);
      if (isTooMany) this.endsOfTooMany.delete(ends);
    });
  }

  private add(key: string | undefined, kind: keyof Open, one: 1 | -1): void {
    this.all[kind] += one;
    if (key === undefined) return;
    const open = this.byAddress.get(key) ?? { served: 0, tooMany: 0 };
    open[kind] += one;
    if (open.served + open.tooMany > 0) this.byAddress.set(key, open);
    else this.byAddress.delete(key);
  }
}

const endsOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
