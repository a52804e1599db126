import type { FastifyReply } from 'fastify';
import { Problem } from '../http/problems/problem';
import type { QuotaPolicy } from './quota-policy';
import type { QuotaDecision } from './quota-store';

const fields = new WeakMap<QuotaPolicy, string>();

/** Field values of the IETF draft `RateLimit header fields for HTTP`: lists of quoted policy names with parameters. */
function policyField(policy: QuotaPolicy): string {
  const known = fields.get(policy);
  if (known !== undefined) return known;
  const made = `"${policy.name}";q=${policy.limit};w=${policy.windowMs / 1000}`;
  fields.set(policy, made);
  return made;
}

function stateField({ policy, remaining, resetSeconds }: QuotaDecision): string {
  return `"${policy.name}";r=${remaining};t=${resetSeconds}`;
}

/** Tells an admitted caller how much is left. Keys never appear: they would name an address or a person. */
export function showQuota(reply: FastifyReply, ...decisions: readonly QuotaDecision[]): void {
  reply.header('RateLimit-Policy', decisions.map(({ policy }) => policyField(policy)).join(', '));
  reply.header('RateLimit', decisions.map(stateField).join(', '));
}

/** The 429. Nothing was done and nothing stored, so the caller may repeat it, with the same key, after the wait. Counted where it is answered. */
export function quotaExceeded(decision: QuotaDecision): Problem {
  const wait = Math.max(1, decision.resetSeconds);
  return new Problem('quota_exceeded', `Too many requests. Try again in ${wait} s.`, {
    members: { violatedPolicies: [decision.policy.name] },
    headers: {
      'Retry-After': String(wait),
      'RateLimit-Policy': policyField(decision.policy),
      RateLimit: stateField(decision),
    },
  });
}
