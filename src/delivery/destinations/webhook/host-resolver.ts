import { Injectable } from '@nestjs/common';
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';

/**
 * Finds the addresses of a host, as the operating system does. Tests put their own in its place.
 *
 * `dns.lookup` holds one of libuv's few threads while it waits for a name server. So that the slow name server of one
 * receiver does not take them all, a name is asked for once at a time.
 */
@Injectable()
export class HostResolver {
  private readonly underWay = new Map<string, Promise<LookupAddress[]>>();

  /** All addresses of the host, in the order to try them in; rejects where there is none. */
  resolve(hostname: string): Promise<LookupAddress[]> {
    const known = this.underWay.get(hostname);
    if (known) return known;
    const addresses = this.lookup(hostname).finally(() => this.underWay.delete(hostname));
    this.underWay.set(hostname, addresses);
    return addresses;
  }

  protected lookup(hostname: string): Promise<LookupAddress[]> {
    return lookup(hostname, { all: true });
  }
}
