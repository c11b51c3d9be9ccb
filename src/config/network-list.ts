import { ValidateBy } from 'class-validator';
import ipaddr from 'ipaddr.js';

/** The entries of a comma-separated list of networks. */
export function networkList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** Refuses a list with an entry that is no network, and says which by its place, not by its text. */
export function IsNetworkList(): PropertyDecorator {
  return ValidateBy({
    name: 'isNetworkList',
    validator: {
      validate: (value) => typeof value === 'string' && networkList(value).every(isNetwork),
      defaultMessage: (args) =>
        `${args?.property}: ${placesOfFaults(String(args?.value))} must be a network such as 10.0.0.0/8 or fd00::/8`,
    },
  });
}

function placesOfFaults(text: string): string {
  const places = networkList(text).flatMap((entry, index) => (isNetwork(entry) ? [] : [index + 1]));
  return `entry ${places.join(', ')}`;
}

/**
 * Whether a text is a network in CIDR notation. Bits beyond the prefix are taken for a slip (`10.0.0.5/8`), and
 * IPv4 networks are written in IPv4 notation only.
 */
function isNetwork(text: string): boolean {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) {
    return sameAddress(ipaddr.IPv4.networkAddressFromCIDR(text), ipaddr.IPv4.parseCIDR(text)[0]);
  }
  if (!ipaddr.IPv6.isValidCIDR(text)) return false;
  const [address] = ipaddr.IPv6.parseCIDR(text);
  return (
    address.zoneId === undefined &&
    !address.isIPv4MappedAddress() &&
    sameAddress(ipaddr.IPv6.networkAddressFromCIDR(text), address)
  );
}

function sameAddress(one: ipaddr.IPv4 | ipaddr.IPv6, other: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return one.toNormalizedString() === other.toNormalizedString();
}
