import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { HostResolver } from './host-resolver.js';
import { WebhookFailure } from './webhook-failure.js';

/** The host is, or resolves to, an address that webhooks may not go to. */
export class RefusedAddress extends WebhookFailure {
  constructor(address: string) {
    super(`webhooks may not go to the address ${address} (see WEBHOOK_ALLOWED_NETWORKS)`);
  }
}

/**
 * What `net.connect` resolves a host name with. The addresses that were checked are those that the socket connects to:
 * nobody asks a second time. One that is refused refuses them all, as no honest host has public and private addresses.
 */
export function checkedLookup(resolver: HostResolver, permits: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolver.resolve(hostname).then(
      (addresses) => {
        const refused = addresses.find(({ address }) => !permits(address));
        const [first] = addresses;
        if (refused) callback(new RefusedAddress(refused.address), []);
        else if (!first) callback(new WebhookFailure('the host has no address'), []);
        else answer(callback, options.all ? addresses : first);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

function answer(callback: Parameters<LookupFunction>[2], found: LookupAddress | LookupAddress[]): void {
  if (Array.isArray(found)) callback(null, found);
  else callback(null, found.address, found.family);
}
