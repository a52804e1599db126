import { normalizeIp } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';

/**
 * The address that a quota counts for: the client as the trusted proxies saw it, an IPv6 client by its /64 (whoever has
 * one address of a /64 has them all), an IPv4 client the same in both notations.
 */
export function quotaAddress(request: FastifyRequest): string {
  // A socket that is already gone has no address, whatever the type says; such requests share one bucket.
  const address = request.ip as string | undefined;
  return address === undefined ? 'unknown' : normalizeIp(address, 64);
}
