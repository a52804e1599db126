import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { Problem } from '../http/problems/problem';
import { QuotaPolicies } from './quota-policy';

/**
 * How much of a process one caller and one tenant may have at a time, however fast or slow their requests are: without a bound, a tenant
 * that asks for more than is answered would take the places, the connections and the memory of all others. The places are this process's own,
 * so that they are free when it is gone; a client that hangs up gives its place back at once.
 */
@Injectable()
export class ConcurrentRequests {
  private readonly running = new Map<string, number>();

  constructor(
    private readonly policies: QuotaPolicies,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Takes a place until the request is over; throws the 429, before anything is done, when the caller or the tenant has none left. */
  enter(request: FastifyRequest, { tenantId, userId, quotas }: Principal): void {
    const person = tenantId + userId;
    const ofTenant = quotas.concurrentRequests ?? this.policies.standard.concurrentRequests;
    if (this.countOf(person) >= this.config.RATE_LIMIT_CONCURRENT_PER_PRINCIPAL) throw allTaken('concurrent-requests');
    if (this.countOf(tenantId) >= ofTenant) throw allTaken('concurrent-requests-of-tenant');
    this.add(person, 1);
    this.add(tenantId, 1);
    request.server.inFlight.uponLeaving(request, () => {
      this.add(person, -1);
      this.add(tenantId, -1);
    });
  }

  private countOf(key: string): number {
    return this.running.get(key) ?? 0;
  }

  private add(key: string, step: 1 | -1): void {
    const count = this.countOf(key) + step;
    if (count > 0) this.running.set(key, count);
    else this.running.delete(key);
  }
}

const allTaken = (policy: string) =>
  new Problem('quota_exceeded', 'Too many requests at once. Wait for the answer of one of them.', {
    members: { violatedPolicies: [policy] },
    headers: { 'Retry-After': '1' },
  });
