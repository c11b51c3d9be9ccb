import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [Address, number];

export type WebhookProtocol = 'https:' | 'http:';

/** RFC 4291, section 2.4: all that is global unicast is assigned from here; the rest of IPv6 is special or unassigned. */
const GLOBAL_UNICAST: Network = [ipaddr.IPv6.parse('2000::'), 3];

/** Azure's host, metadata among its services: by its number a public address. */
const AZURE_HOST = '168.63.129.16';

/**
 * Says where webhooks may go: over https to public addresses, and over https or http to networks that the
 * configuration opens.
 */
export class AddressPolicy {
  private readonly allowedNetworks: readonly Network[];

  /** @param allowedNetworks in CIDR notation */
  constructor(allowedNetworks: readonly string[]) {
    this.allowedNetworks = allowedNetworks.map((network) => ipaddr.parseCIDR(network));
  }

  /** @param address as the operating system writes it; host names and other spellings are refused */
  permits(address: string, protocol: WebhookProtocol): boolean {
    if (isIP(address) === 0) return false;
    const parsed = ipaddr.parse(address);
    return this.isOpened(parsed) || (protocol === 'https:' && isPublic(parsed));
  }

  /** An opened network that leads on to IPv4 does not open what lies behind it. */
  private isOpened(address: Address): boolean {
    if (isIPv4(address)) return this.isInAllowedNetwork(address);
    if (address.isIPv4MappedAddress()) return this.isInAllowedNetwork(address.toIPv4Address());
    return (
      this.isInAllowedNetwork(address) &&
      embeddedIPv4(address).every((embedded) => isPublic(embedded) || this.isInAllowedNetwork(embedded))
    );
  }

  private isInAllowedNetwork(address: Address): boolean {
    return this.allowedNetworks.some(
      ([network, prefix]) => network.kind() === address.kind() && address.match(network, prefix),
    );
  }
}

/** Public unicast, and nothing that stands for another address: mapped and translated ones are not. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return isIPv4(address)
    ? address.toString() !== AZURE_HOST
    : address.match(...GLOBAL_UNICAST) && embeddedIPv4(address).length === 0;
}

/** The IPv4 addresses that traffic to an IPv6 address may end at. */
function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === '6to4') return [new ipaddr.IPv4(bytes.slice(2, 6))];
  if (range === 'teredo') {
    // RFC 4380, section 4: the server, and the client with its bits inverted.
    return [new ipaddr.IPv4(bytes.slice(4, 8)), new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
  }
  // NAT64 (its local-use prefix read as a /96) and its like.
  const endsInIPv4 = range === 'rfc6052' || range === 'rfc6145' || isCompatible(address) || isIsatap(address);
  return endsInIPv4 ? [new ipaddr.IPv4(bytes.slice(12))] : [];
}

/** RFC 4291, section 2.5.5.1: `::a.b.c.d`. */
function isCompatible({ parts }: ipaddr.IPv6): boolean {
  return parts.slice(0, 6).every((part) => part === 0) && parts[6] !== 0;
}

/** RFC 5214, section 6.1: an interface identifier `[0|200]:5efe:a.b.c.d` under any prefix. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200);
}

function isIPv4(address: Address): address is ipaddr.IPv4 {
  return address.kind() === 'ipv4';
}
