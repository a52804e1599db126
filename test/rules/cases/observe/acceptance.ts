import { z } from 'zod';
import { formatInstant } from '../../../../src/attendance/rules/time/instant';
import type { Reply } from '../../../support/client';
import { number, read, Unsupported } from '../case';
import type { CaseContext, Observers } from '../context';
import { likeWanted } from './form';

/** What the server answers to the punches of a case, told one after the other, or at once where two carry the same key. */
export const ACCEPTANCE_OBSERVERS: Observers = {
  accepted: async (context) => (await repliesOf(context)).filter(isNew).length,
  duplicates: async (context) => (await repliesOf(context)).filter(isDuplicate).length,
  secondResponse: async (context) => {
    const [first, second] = await repliesOf(context);
    const same = first !== undefined && bodyOf(first).id === bodyOf(second).id;
    return `${same ? 'same' : 'another'} punch id, duplicate=${second !== undefined && isDuplicate(second)}`;
  },
  punches: async (context) => {
    await repliesOf(context);
    const counts = await Promise.all(tenantsOf(context).map((name) => storedIn(context, name)));
    return counts.reduce((sum, count) => sum + count, 0);
  },
  // A window of the engine sets punches aside; the interval of a tenant keeps them out.
  kept: async (context, wanted) => listed(context, wanted, (await rejectedIds(context)).complement),
  rejected: async (context, wanted) => listed(context, wanted, (await rejectedIds(context)).ids),
  tenants: async (context, wanted) => {
    await repliesOf(context);
    const counts = new Map<string, number>();
    for (const name of tenantsOf(context)) counts.set(name, await storedIn(context, name));
    if (typeof wanted === 'number') return [...counts.values()].filter((count) => count > 0).length;
    if (Array.isArray(wanted)) return [...counts.keys()].filter((name) => counts.get(name) !== 0);
    return Object.fromEntries(counts);
  },
  secondStatus: async (context) => {
    const replies = await repliesOf(context);
    const replay = replies.find((each) => each.headers.get('idempotent-replayed') === 'true');
    const inFlight = replies.some((each) => each.status === 409 && bodyOf(each).code === 'idempotency_key_in_use');
    const isSame = replies.every((each) => each.text === replay?.text);
    if (inFlight || (replay && isSame)) return 'replay of the first response (or 409 while in flight)';
    return replies.map(({ status }) => status);
  },
};

interface Answered {
  readonly id?: string;
  readonly code?: string;
  readonly duplicate?: boolean;
  readonly flags?: readonly string[];
}
const bodyOf = (reply: Reply | undefined): Answered => (reply?.body ?? {}) as Answered;
const isDuplicate = (reply: Reply) => bodyOf(reply).duplicate === true;
const isNew = (reply: Reply | undefined) =>
  reply?.status === 201 && !isDuplicate(reply) && !bodyOf(reply).flags?.includes('too_soon');

function settingsOf({ given }: CaseContext): { settings: Record<string, unknown> } {
  const seconds = given.rules.minIntervalSeconds;
  return { settings: { punchTooSoonSeconds: seconds === undefined ? 0 : number(seconds, 'minIntervalSeconds') } };
}

/** Whose tenant each punch is told in, by name; cases without a word about tenants have one. */
function tenantOf({ given }: CaseContext, index: number): string {
  const named = given.punches[index]?.tenant;
  if (typeof named === 'string') return named;
  const told = given.rules.tenants ?? given.inputs.tenants;
  const names = told === undefined ? [''] : read(z.array(z.string()).min(1), told, 'tenants');
  return names[index % names.length] ?? '';
}

const tenantsOf = (context: CaseContext) => [
  ...new Set(context.given.punches.map((_, index) => tenantOf(context, index))),
];

async function storedIn(context: CaseContext, name: string): Promise<number> {
  const { tenant, employee } = await context.stage(settingsOf(context), name);
  const found = await tenant.admin.api.get('/api/punches', { query: { employeeId: employee.id } });
  return (found.body as { data: unknown[] }).data.length;
}

async function rejectedIds(context: CaseContext): Promise<{ ids: string[]; complement: string[] }> {
  const all = context.setup.punches.map(({ id }) => id);
  const isEngine = 'dedupeSeconds' in context.given.rules;
  const replies = isEngine ? [] : await repliesOf(context);
  const ids = isEngine
    ? context.result.duplicates.map(({ punch }) => punch.id)
    : all.filter((_, index) => !isNew(replies[index]));
  return { ids, complement: all.filter((id) => !ids.includes(id)) };
}

/** How many, or, where a list is wanted, which: by their places from 1, or by their times. */
function listed({ setup }: CaseContext, wanted: unknown, ids: readonly string[]): unknown {
  if (typeof wanted === 'boolean') return ids.length > 0;
  if (!Array.isArray(wanted)) return ids.length;
  return setup.punches.flatMap(({ id, at }, index) => {
    if (!ids.includes(id)) return [];
    const form: unknown = wanted[ids.indexOf(id)] ?? wanted[0];
    return [typeof form === 'number' ? index + 1 : likeWanted(at, form, setup.zone)];
  });
}

/** An administrator tells them, because how far back people may punch for themselves is another rule. */
function repliesOf(context: CaseContext): Promise<readonly Reply[]> {
  return context.once('replies', async () => {
    const { setup, given } = context;
    const tell = async (index: number) => {
      const punch = setup.punches[index];
      if (!punch || punch.type === 'unknown') throw new Unsupported('a punch without direction, told by a person');
      const key = given.punches[index]?.idempotencyKey;
      const { tenant, employee } = await context.stage(settingsOf(context), tenantOf(context, index));
      return tenant.admin.api.post(
        '/api/punches',
        {
          employeeId: employee.id,
          type: punch.type,
          timestamp: formatInstant(punch.at),
          ...(given.punches[index]?.offline === true ? { source: 'terminal' } : {}),
        },
        typeof key === 'string' ? { key } : {},
      );
    };
    const keys = given.punches.flatMap(({ idempotencyKey }, index) =>
      typeof idempotencyKey !== 'string' ? [] : [`${tenantOf(context, index)} ${idempotencyKey}`],
    );
    const indexes = setup.punches.map((_, index) => index);
    if (new Set(keys).size < keys.length) return Promise.all(indexes.map(tell));
    const replies: Reply[] = [];
    for (const index of indexes) replies.push(await tell(index));
    return replies;
  });
}
