import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** As some proxies write it: with the port of the caller, which would tell each of its connections from the others. */
const WITH_PORT = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+)):\d+$/;

/** Leaves of a request's `X-Forwarded-For` what counts. */
export function tidyForwardedFor({ headers }: IncomingMessage): void {
  const { 'x-forwarded-for': told } = headers;
  if (told !== undefined) headers['x-forwarded-for'] = forwardedFor(String(told));
}

/**
 * What counts of `X-Forwarded-For`: the addresses from its end up to what is none, which nobody who is trusted has written;
 * it would be taken for the caller's address in what is counted, logged and audited.
 *
 * @returns undefined where nothing is left
 */
function forwardedFor(header: string): string | undefined {
  const addresses: string[] = [];
  for (const entry of header.split(',').toReversed()) {
    const [, ipv6, ipv4] = WITH_PORT.exec(entry.trim()) ?? [];
    const address = ipv6 ?? ipv4 ?? entry.trim();
    if (isIP(address) === 0 || address.includes('%')) break;
    addresses.unshift(address);
  }
  return addresses.length === 0 ? undefined : addresses.join(', ');
}
