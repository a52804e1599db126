import { z } from 'zod';
import { formatDate, parseDate } from '../../../../src/attendance/rules/time/calendar';
import { formatInstant, type Instant } from '../../../../src/attendance/rules/time/instant';
import type { Reply } from '../../../support/client';
import { hours, number, read, text } from '../case';
import type { CaseContext, Observers } from '../context';
import type { Stage } from '../product';

const inputsSchema = z.object({
  entryDate: z.iso.date(),
  now: z.iso.date(),
  fullOverride: z.boolean().default(false),
  graceOverride: z.boolean().default(false),
});

/**
 * Locks are pay periods here: a period stays open through its grace and is closed behind it. Whoever may edit in a grace that is over
 * lengthens the grace before the period is closed; whoever may edit always reopens what is closed. The clock of the server cannot be
 * set, so the dates of a case are moved until its "now" is today.
 */
export const LOCK_OBSERVERS: Observers = {
  locked: async (context) => {
    const { given } = context;
    const { entryDate, now, fullOverride, graceOverride } = read(inputsSchema, given.inputs, 'inputs');
    const stage = await context.stage({});
    const [row] = await stage.server.database.sql<{ today: string }>(
      'SELECT (now() AT TIME ZONE time_zone)::date::text AS today FROM tenants WHERE id = $1',
      [stage.tenant.id],
    );
    const moved = parseDate(row?.today ?? '') - parseDate(now);
    const [start, end, entry] = [given.rules.lockStart, given.rules.lockEnd, entryDate].map(
      (date) => parseDate(text(date, 'date')) + moved,
    ) as [number, number, number];
    const graceDays = number(given.rules.graceDays ?? 0, 'graceDays');
    const before = await aPeriod(stage, Math.min(entry, start - 28), start - 1, 0);
    const period = await aPeriod(stage, start, end, graceDays);
    if (graceOverride) await asPayroll(stage, 'patch', period, '', { graceDays: 31 });
    for (const id of [before, period]) await asPayroll(stage, 'post', id, '/close', {}, 'period_not_over');
    if (fullOverride)
      for (const id of [before, period])
        await asPayroll(stage, 'post', id, '/reopen', { reason: 'A case' }, 'period_not_closed');
    return isRefused(await punchAt(stage, context.setup.zone.dayStart(entry) + 1800));
  },
  relock: async (context) => {
    const { stage, period } = await closedWeek(context);
    return (await asPayroll(stage, 'post', period, '/close', {})).status;
  },
  unlockInApproved: async (context) => (await leaveAcross(context)).refusal.status,
  partial: async (context) => {
    const { stage } = await leaveAcross(context);
    return (await stage.server.database.count('leave_entries', 'tenant_id = $1', [stage.tenant.id])) > 0;
  },
  'minus*h': (context, _, key) => isTaken(context, -hours(Number(/\d+/.exec(key)?.[0]), key)),
  'plus*h': (context, _, key) => isTaken(context, hours(Number(/\d+/.exec(key)?.[0]), key)),
  future: (context) => isTaken(context, 3600),
  // Somebody else tells it, so that its age is no reason.
  lockedDay: async (context) => {
    const { stage, sunday } = await closedWeek(context);
    return !isRefused(await punchAt(stage, context.setup.zone.dayStart(sunday) + 12 * 3600));
  },
};

/** Whether a punch that a person tells of themselves, so many seconds from now, counts at once. */
async function isTaken(context: CaseContext, seconds: number): Promise<boolean> {
  const { tenant } = await context.stage(settingsOf(context));
  const person = await tenant.person({});
  const timestamp = new Date(Date.now() + seconds * 1000).toISOString();
  const reply = await person.api.post('/api/punches', { employeeId: person.id, type: 'in', timestamp });
  return reply.status === 201 && (reply.body as { status: string }).status === 'active';
}

function settingsOf({ given }: CaseContext) {
  const back = given.rules.lookBackHours;
  return { settings: back === undefined ? {} : { lookBackHours: { api: number(back, 'lookBackHours') } } };
}

/** A week that is over and closed. */
function closedWeek(context: CaseContext) {
  return context.once('closed week', async () => {
    const stage = await context.stage(settingsOf(context));
    const monday = parseDate('2026-03-09');
    const period = await aPeriod(stage, monday, monday + 6, 0);
    await asPayroll(stage, 'post', period, '/close', {});
    return { stage, period, sunday: monday + 6 };
  });
}

/** Leave on the last date of the closed week and on the two open ones behind it. */
function leaveAcross(context: CaseContext) {
  return context.once('leave', async () => {
    const { stage, sunday } = await closedWeek(context);
    const refusal = await stage.tenant.admin.api.post('/api/attendance/leave', {
      employeeId: stage.employee.id,
      from: formatDate(sunday),
      to: formatDate(sunday + 2),
      code: 'vacation',
    });
    return { stage, refusal };
  });
}

async function aPeriod({ tenant }: Stage, start: number, end: number, graceDays: number): Promise<string> {
  const body = { startDate: formatDate(start), endDate: formatDate(end), graceDays };
  const reply = await tenant.admin.api.post('/api/pay-periods', body);
  if (reply.status !== 201) throw new Error(reply.text);
  return (reply.body as { id: string }).id;
}

/** Does something with a period as payroll; anything but success and the expected refusal is a failure of the case. */
async function asPayroll(
  stage: Stage,
  method: 'post' | 'patch',
  id: string,
  path: string,
  body: unknown,
  expected?: string,
): Promise<Reply> {
  const payroll = await stage.tenant.person({ role: 'payroll' });
  const reply = await payroll.api[method](`/api/pay-periods/${id}${path}`, body);
  if (reply.status >= 300 && (reply.body as { code: string }).code !== expected) throw new Error(reply.text);
  return reply;
}

function punchAt({ tenant, employee }: Stage, instant: Instant): Promise<Reply> {
  const timestamp = formatInstant(instant);
  return tenant.admin.api.post('/api/punches', { employeeId: employee.id, type: 'in', timestamp });
}

function isRefused(reply: Reply): boolean {
  if (reply.status === 201) return false;
  if ((reply.body as { code: string }).code === 'period_closed') return true;
  throw new Error(reply.text);
}
