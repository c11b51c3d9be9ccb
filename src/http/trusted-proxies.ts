import { BlockList, isIP } from 'node:net';

/** The names for networks that may stand in `TRUSTED_PROXIES`, as Fastify has them. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Tells whether a connection comes from a proxy of `TRUSTED_PROXIES`. */
export class TrustedProxies {
  private readonly networks = new BlockList();

  /** @throws Error where an entry is neither an address nor a network */
  constructor(entries: readonly string[]) {
    for (const entry of entries.flatMap((name) => NAMED[name] ?? [name])) {
      const [address = '', prefix] = entry.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.networks.addAddress(address, family);
      else this.networks.addSubnet(address, Number(prefix), family);
    }
  }

  has(address: string | undefined): boolean {
    const family = isIP(address ?? '');
    return address !== undefined && family !== 0 && this.networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}
