import type { Reply } from '../../../support/client';
import { number, Unsupported } from '../case';
import type { CaseContext, Observers } from '../context';
import { formatInstant } from '../../../../src/attendance/rules/time/instant';

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
    const { tenant, employee } = await context.stage(settingsOf(context));
    const listed = await tenant.admin.api.get('/api/punches', { query: { employeeId: employee.id } });
    return (listed.body as { data: unknown[] }).data.length;
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
const isNew = (reply: Reply) =>
  reply.status === 201 && !isDuplicate(reply) && !bodyOf(reply).flags?.includes('too_soon');

function settingsOf({ given }: CaseContext): { settings: Record<string, unknown> } {
  const seconds = given.rules.minIntervalSeconds;
  return { settings: { punchTooSoonSeconds: seconds === undefined ? 0 : number(seconds, 'minIntervalSeconds') } };
}

/** An administrator tells them, because how far back people may punch for themselves is another rule. */
function repliesOf(context: CaseContext): Promise<readonly Reply[]> {
  return context.once('replies', async () => {
    const { tenant, employee } = await context.stage(settingsOf(context));
    const { setup, given } = context;
    const tell = (index: number) => {
      const punch = setup.punches[index];
      if (!punch || punch.type === 'unknown') throw new Unsupported('a punch without direction, told by a person');
      const key = given.punches[index]?.idempotencyKey;
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
    const keys = given.punches.map(({ idempotencyKey }) => idempotencyKey).filter((key) => key !== undefined);
    const indexes = setup.punches.map((_, index) => index);
    if (new Set(keys).size < keys.length) return Promise.all(indexes.map(tell));
    const replies: Reply[] = [];
    for (const index of indexes) replies.push(await tell(index));
    return replies;
  });
}
