import { z } from 'zod';
import { commitBatch, EMPTY_LEDGER, rollbackBatch } from '../../../../src/attendance/rules/files/batches';
import { clientAddress, isAllowed } from '../../../../src/attendance/rules/place/network';
import { acceptPunches } from '../../../../src/attendance/rules/punches/accept';
import { number, read } from '../case';
import { toMinutes, type CaseContext, type Observers } from '../context';
import { EXCEPTION_OBSERVERS } from './exceptions';
import { PUNCH_OBSERVERS } from './punches';

/** Behaviour of peers that must not be ours. */
export const DEFECT_OBSERVERS: Observers = {
  accepted: (context, wanted, key) =>
    'ipAllowlist' in context.given.rules ? isAdmitted(context) : PUNCH_OBSERVERS.accepted?.(context, wanted, key),
  code: (context, wanted, key) => {
    if (!('ipAllowlist' in context.given.rules)) return EXCEPTION_OBSERVERS.code?.(context, wanted, key);
    return isAdmitted(context) ? null : 'IP_RESTRICTED';
  },
  // What the peer answers must not be what comes out here.
  peerComputes: (context, wanted) => {
    const ours = toMinutes(context.sum((day) => day.breakSeconds));
    return ours === wanted ? `the same as the peer: ${ours}` : wanted;
  },
  punches: ({ setup }) => acceptPunches(setup.punches, 0).filter((each) => each.outcome === 'accepted').length,
  secondStatus: ({ setup }) => {
    const [first, second] = acceptPunches(setup.punches, 0);
    const isReplay = second?.outcome === 'replayed' && second.id === first?.id;
    return isReplay ? 'replay of the first response (or 409 while in flight)' : (second?.outcome ?? null);
  },
  afterRollbackB: (context) => {
    const undone = rollbackBatch(twoBatches(context), 'B');
    return undone.ledger.records.get('day 1') === 'A' ? 'A values restored' : undone.outcome;
  },
  rollbackAWhileB: (context) => {
    const undone = rollbackBatch(twoBatches(context), 'A');
    return undone.outcome === 'refused' ? `409 ${undone.code}` : undone.outcome;
  },
};

function isAdmitted({ given: { rules, punches } }: CaseContext): boolean {
  const sender = read(z.object({ peerIp: z.string(), xForwardedFor: z.string().nullish() }), punches[0], 'address');
  const hops = number(rules.trustedProxies ?? 0, 'trustedProxies');
  const address = clientAddress(sender.peerIp, sender.xForwardedFor ?? null, hops);
  return isAllowed(address, read(z.array(z.string()), rules.ipAllowlist, 'ipAllowlist'));
}

/** Batch A writes day 1, batch B overwrites it. */
function twoBatches({ given }: CaseContext) {
  const mode = read(z.enum(['skip', 'override']), given.rules.importMode, 'importMode');
  const first = commitBatch(EMPTY_LEDGER, 'A', new Map([['day 1', 'A']]), mode);
  return commitBatch(first, 'B', new Map([['day 1', 'B']]), mode);
}
