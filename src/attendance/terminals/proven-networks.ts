import ipaddr from 'ipaddr.js';
import type { Principal } from '../../auth/principal';

/** Ranges that every site has to itself, so that a wide network there says no more than a narrow one. */
const private4 = new Set(['private', 'loopback', 'linkLocal', 'carrierGradeNat']);
const private6 = new Set(['uniqueLocal', 'loopback', 'linkLocal']);

/**
 * The networks of a tenant that say whose a terminal is. What reaches over half of the internet says nothing: a public network counts
 * from /16 on (IPv6: /32), a private one from /8 on (IPv6: /7).
 */
export function provingNetworks(allowed: Principal['allowedNetworks']): string[] {
  return allowed.filter((text) => {
    if (!ipaddr.isValidCIDR(text)) return false;
    const [address, prefix] = ipaddr.parseCIDR(text);
    if (address.kind() === 'ipv4') return prefix >= (private4.has(address.range()) ? 8 : 16);
    return prefix >= (private6.has(address.range()) ? 7 : 32);
  });
}
