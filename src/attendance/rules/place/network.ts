import ipaddr from 'ipaddr.js';

/**
 * The address that the outermost trusted proxy saw. Each trusted proxy appends the peer it talked to, so only the last
 * `trustedProxies` entries of X-Forwarded-For are facts; whatever stands before them was written by the client.
 */
export function clientAddress(peer: string, forwardedFor: string | null, trustedProxies: number): string {
  const chain = [...(forwardedFor ?? '').split(',').map((each) => each.trim()), peer].filter((each) => each !== '');
  return chain.at(-1 - trustedProxies) ?? chain[0] ?? peer;
}

/**
 * Whether an address lies in one of the networks (CIDR). An empty list admits everybody. It fails closed: an address
 * that cannot be read is admitted by nothing, a network that cannot be read admits nobody.
 */
export function isAllowed(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true;
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some((network) => {
    if (!ipaddr.isValidCIDR(network)) return false;
    const [base, bits] = ipaddr.parseCIDR(network);
    return base.kind() === parsed.kind() && parsed.match(base, bits);
  });
}
