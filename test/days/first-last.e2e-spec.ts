import { tenantForEachTest } from '../support/scene';
import { daysAgo } from '../terminals/dates';
import { line, registered } from '../terminals/terminal';
import { Days } from './scene';

const date = '2026-11-20';
const firstLast = { direction: 'alternate', pairing: 'first_last' };
const { server, tenant: acme } = tenantForEachTest();

const previewed = async (policy: Record<string, unknown>, times: readonly string[], shifts: readonly unknown[] = []) =>
  (
    await acme.admin.api.post('/api/attendance/rules/preview', {
      timeZone: 'Europe/Berlin',
      policy,
      punches: times.map((time) => ({ type: 'unknown', timestamp: `${date}T${time}:00+01:00` })),
      shifts,
      from: date,
      to: date,
    })
  ).body as { totals: { payableMinutes: number }; exceptions: { code: string; at?: string }[] };

const missing = ({ exceptions }: { exceptions: { code: string }[] }) =>
  exceptions.filter(({ code }) => code === 'MISSING_OUT').length;

describe('BUG-22: three punches without direction, first in to last out', () => {
  const three = ['07:05', '12:30', '17:01'];

  it('are one stretch of work in the window of a shift', async () => {
    const shift = { dayOfWeek: 5, startTime: '07:00', endTime: '17:00', breakMinutes: 0 };
    const seen = await previewed(firstLast, three, [shift]);
    expect([seen.totals.payableMinutes, missing(seen)]).toEqual([596, 0]);
  });

  it.each([firstLast, { pairing: 'first_last' }, { direction: 'alternate' }, {}])(
    'without a shift end before the long gap, and the one behind it has no out: %j',
    async (policy) => {
      const seen = await previewed(policy, three);
      expect([seen.totals.payableMinutes, missing(seen)]).toEqual([325, 1]);
    },
  );

  it('are one stretch of work without a shift where a gap of that length begins no new one', async () => {
    const seen = await previewed({ ...firstLast, newShiftGapMinutes: 600 }, three);
    expect([seen.totals.payableMinutes, missing(seen)]).toEqual([596, 0]);
  });

  it('of a terminal are a day that names the missing punch, and pays nothing behind it', async () => {
    const days = new Days(server, acme);
    await days.policy(firstLast);
    await server.database.sql("UPDATE users SET employee_number = '42' WHERE id = $1", [acme.employee.id]);
    const { terminal } = await registered(server.stranger, acme, { timeZone: 'UTC' });
    const worked = daysAgo(6);
    await terminal.tell(three.map((time) => line('42', `${worked} ${time}:00`, 255)));
    await days.compute();
    expect((await days.day(acme.employee, worked)).body).toMatchObject({ payableMinutes: 325 });
    const { body } = await acme.admin.api.get('/api/exceptions', { query: { employeeId: acme.employee.id } });
    expect((body as { data: { code: string }[] }).data.map(({ code }) => code)).toContain('MISSING_OUT');
  });
});
