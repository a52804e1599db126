import ipaddr from 'ipaddr.js';

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Whether `inNetworks` can read a range: CIDR notation, or a single address. */
export function isRange(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/**
 * Whether the address lies in one of the ranges. Fails closed: an entry that cannot be read admits nobody, an address that
 * cannot be read is admitted by nothing.
 */
export function inNetworks(address: string | undefined, ranges: readonly string[]): boolean {
  const client = address === undefined ? undefined : parseAddress(address);
  if (!client) return false;
  return ranges.some((range) => {
    const network = parseNetwork(range);
    return network?.[0].kind() === client.kind() && client.match(network[0], network[1]);
  });
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', bits, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (bits !== undefined && !/^(0|[1-9]\d{0,2})$/.test(bits))) return undefined;
  const written = readAddress(address);
  if (!written) return undefined;
  const width = written.kind() === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? width : Number(bits);
  if (prefix > width) return undefined;
  const plain = unmapped(written);
  if (plain.kind() === written.kind()) return [written, prefix];
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8; a shorter prefix would reach beyond the mapped addresses.
  return prefix >= 96 ? [plain, prefix - 96] : undefined;
}

function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const read = readAddress(text);
  return read && unmapped(read);
}

/** Only the notations that everybody reads alike: `010.0.0.1`, `0x0a.1` and `10.1` mean different things to different readers. */
function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

/** A dual-stack socket shows an IPv4 client as ::ffff:a.b.c.d. */
function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}
