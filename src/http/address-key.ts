import ipaddr from 'ipaddr.js';

const KEY_BITS = 64;

/**
 * By what callers are told apart where they are counted: an IPv4 address, or the /64 network of an IPv6 address, which is
 * what one subscriber has (RFC 6177): by single addresses it would never be counted twice.
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined || !address.includes(':')) return address ?? '';
  const [bare = ''] = address.split('%');
  if (!ipaddr.IPv6.isValid(bare)) return address;
  const parsed = ipaddr.IPv6.parse(bare);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = parsed.parts.slice(0, KEY_BITS / 16).map((part) => part.toString(16));
  return `${network.join(':')}::/${KEY_BITS}`;
}
