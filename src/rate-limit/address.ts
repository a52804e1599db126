import { normalizeIp } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/request/request-target';

/**
 * The address that a quota counts for: the client as the trusted proxies saw it, an IPv6 client by its /64 (whoever has
 * one address of a /64 has them all), an IPv4 client the same in both notations.
 */
export function quotaAddress(request: FastifyRequest): string {
  return normalizeIp(clientAddress(request), 64);
}
