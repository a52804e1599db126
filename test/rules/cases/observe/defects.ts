import { z } from 'zod';
import type { Reply } from '../../../support/client';
import { number, read } from '../case';
import { toMinutes, type CaseContext, type Observers } from '../context';
import { ACCEPTANCE_OBSERVERS } from './acceptance';
import { EXCEPTION_OBSERVERS } from './exceptions';
import { importsOf } from './imports';

/** Behaviour of peers that must not be ours. */
export const DEFECT_OBSERVERS: Observers = {
  ...ACCEPTANCE_OBSERVERS,
  accepted: async (context, wanted, key) =>
    'ipAllowlist' in context.given.rules
      ? (await answerFrom(context)).status === 200
      : ACCEPTANCE_OBSERVERS.accepted?.(context, wanted, key),
  code: async (context, wanted, key) =>
    'ipAllowlist' in context.given.rules
      ? ((await answerFrom(context)).code ?? null)
      : EXCEPTION_OBSERVERS.code?.(context, wanted, key),
  // What the peer answers must not be what comes out here.
  peerComputes: (context, wanted) => {
    const ours = toMinutes(context.sum((day) => day.breakSeconds));
    return ours === wanted ? `the same as the peer: ${ours}` : wanted;
  },
  afterRollbackB: async (context) => {
    const { afterA, afterRollbackB } = await importsOf(context);
    return afterRollbackB === afterA ? 'A values restored' : afterRollbackB;
  },
  rollbackAWhileB: async (context) => {
    const { rollbackA } = await importsOf(context);
    return `${rollbackA.status} ${codeOf(rollbackA)}`;
  },
};

const codeOf = ({ body }: Reply) => (body as { code?: string }).code?.toUpperCase();

/** What the server answers to the sender of the case on a route that the networks of a tenant limit. */
async function answerFrom(context: CaseContext): Promise<{ status: number; code?: string }> {
  const { rules, punches } = context.given;
  const sender = read(z.object({ peerIp: z.string(), xForwardedFor: z.string().nullish() }), punches[0], 'address');
  const { server, tenant } = await context.stage({
    settings: { allowedNetworks: read(z.array(z.string()), rules.ipAllowlist, 'ipAllowlist') },
    environment: { TRUSTED_PROXIES: String(number(rules.trustedProxies ?? 0, 'trustedProxies')) },
  });
  const reply = await server.app.inject({
    method: 'GET',
    url: '/api/attendance/import/batches',
    remoteAddress: sender.peerIp,
    headers: {
      authorization: `Bearer ${tenant.admin.token}`,
      ...(sender.xForwardedFor == null ? {} : { 'x-forwarded-for': sender.xForwardedFor }),
    },
  });
  const { code } = reply.json<{ code?: string }>();
  return code === undefined ? { status: reply.statusCode } : { status: reply.statusCode, code };
}
