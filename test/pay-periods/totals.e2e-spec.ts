import { createHash } from 'node:crypto';
import type { Person } from '../support/world';
import { aDay, aPeriod, close, codeOf, payday } from './scene';

const { server, acme, payroll, anna, ben, book } = payday();

const totals = (id: string, query = '', by = payroll) => by.api.get(`/api/pay-periods/${id}/totals${query}`);
const csv = (id: string, query = '', by = payroll) => totals(id, `?format=csv${query}`, by);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function twoDays(): Promise<void> {
  await aDay(server, acme, anna, '2026-03-01', { seconds: 28_801, approved: true });
  await aDay(server, acme, anna, '2026-03-31', {
    buckets: [
      { source: 'weekly', rate: 1.5, seconds: 59 },
      { source: 'regular', rate: 1, seconds: 28_741 },
    ],
  });
  await aDay(server, acme, anna, '2026-04-01');
  await aDay(server, acme, ben, '2026-02-28');
}

describe('totals', () => {
  it('of an open period are computed now, and not final', async () => {
    const id = await aPeriod(acme);
    await twoDays();
    const { id: adjustment } = await book(ben);
    const reply = await totals(id);
    expect(reply.body).toMatchObject({ final: false, period: { id, status: 'open' } });
    expect([reply.body.revision, reply.body.contentHash]).toEqual([undefined, undefined]);
    expect(reply.body.data).toEqual([
      {
        employeeId: anna.id,
        employeeNumber: '007',
        name: anna.name,
        days: 2,
        approvedDays: 1,
        scheduledMinutes: 960,
        workedMinutes: 960,
        payableMinutes: 960,
        regularMinutes: 960,
        overtimeMinutes: 0,
        doubleTimeMinutes: 0,
        premiumMinutes: 0,
        breakMinutes: 60,
        lateMinutes: 0,
        earlyLeaveMinutes: 0,
        mealPremiumMinutes: 0,
        // Seconds are summed before they are cut to minutes: 959:02 and 0:59 are 960:01, and the minute that is left is of the 59 seconds.
        buckets: [
          { source: 'regular', rate: 1, minutes: 959 },
          { source: 'weekly', rate: 1.5, minutes: 1 },
        ],
        adjustments: [],
      },
      expect.objectContaining({
        employeeId: ben.id,
        days: 0,
        payableMinutes: 0,
        buckets: [],
        adjustments: [
          {
            id: adjustment,
            date: '2026-02-27',
            origin: 'manual',
            source: 'manual',
            rate: 1,
            minutes: -30,
            reason: 'Paid twice',
          },
        ],
      }),
    ]);
    expect((await csv(id)).headers.get('etag')).toBeNull();
  });

  it('of a closed period are the same bytes for ever, whatever changes around it', async () => {
    const id = await aPeriod(acme);
    await twoDays();
    await book(ben, { reason: 'He said "twice",\nso did I' });
    const closed = await close(acme.admin, id);
    const first = await csv(id);
    expect(first.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(first.headers.get('content-disposition')).toContain('pay-period-2026-03-01-2026-03-31-r1.csv');
    expect(first.headers.get('etag')).toBe(`"${sha256(first.text)}"`);
    expect(closed.body.contentHash).toBe(sha256(first.text));
    await acme.admin.api.patch(`/api/users/${anna.id}`, {
      name: 'Zoe Married',
      employeeNumber: '9999',
      timeZone: 'Asia/Tokyo',
    });
    await acme.admin.api.delete(`/api/users/${ben.id}`);
    await acme.admin.api.put('/api/attendance/settings', { punchTooSoonSeconds: 3 });
    await server.database.sql(
      `INSERT INTO attendance_policies (tenant_id, name, effective_from, settings, created_by) VALUES ($1, 'New', '2026-01-01', '{}', $2)`,
      [acme.id, acme.admin.id],
    );
    await book(anna);
    await server.database.sql(`UPDATE tenants SET name = 'Other', time_zone = 'Asia/Tokyo' WHERE id = $1`, [acme.id]);
    const again = await csv(id);
    expect([again.text, again.headers.get('etag')]).toEqual([first.text, first.headers.get('etag')]);
    const json = await totals(id);
    expect(json.body).toMatchObject({ final: true, revision: 1, contentHash: sha256(first.text) });
    expect(json.body.data.map(({ name }: { name: string }) => name)).toEqual([anna.name, ben.name]);
  });

  it('as CSV have a form that stays', async () => {
    const id = await aPeriod(acme);
    await twoDays();
    const { id: adjustment } = await book(ben, { rate: 1.25, source: 'regular' });
    await close(acme.admin, id);
    const { text } = await csv(id);
    const readable = text.replaceAll(anna.id, 'ANNA').replaceAll(ben.id, 'BEN').replaceAll(adjustment, 'ADJUSTMENT');
    expect(readable.split('\r\n')).toEqual([
      'periodStart,periodEnd,revision,line,employeeNumber,employeeId,name,source,rate,seconds,minutes,date,origin,adjustmentId,reason,days,approvedDays,' +
        'scheduledSeconds,scheduledMinutes,workedSeconds,workedMinutes,payableSeconds,payableMinutes,regularSeconds,regularMinutes,' +
        'overtimeSeconds,overtimeMinutes,doubleTimeSeconds,doubleTimeMinutes,premiumSeconds,premiumMinutes,breakSeconds,breakMinutes,' +
        'lateSeconds,lateMinutes,earlyLeaveSeconds,earlyLeaveMinutes,mealPremiumSeconds,mealPremiumMinutes',
      '2026-03-01,2026-03-31,1,total,007,ANNA,"Anna ""the first"", Example",,,,,,,,,2,1,57600,960,57601,960,57601,960,57601,960,0,0,0,0,0,0,3600,60,0,0,0,0,0,0',
      `2026-03-01,2026-03-31,1,bucket,007,ANNA,"Anna ""the first"", Example",regular,1,57542,959${','.repeat(28)}`,
      `2026-03-01,2026-03-31,1,bucket,007,ANNA,"Anna ""the first"", Example",weekly,1.5,59,1${','.repeat(28)}`,
      `2026-03-01,2026-03-31,1,total,1000,BEN,'=Ben${','.repeat(9)}0,0${',0'.repeat(22)}`,
      `2026-03-01,2026-03-31,1,adjustment,1000,BEN,'=Ben,regular,1.25,-1800,-30,2026-02-27,manual,ADJUSTMENT,Paid twice${','.repeat(24)}`,
      '',
    ]);
  });

  it('of every revision stay readable; adjustments paid in one stay paid, and new ones are paid in the next', async () => {
    const id = await aPeriod(acme);
    await twoDays();
    const paid = await book(ben);
    await close(acme.admin, id);
    const first = await csv(id);
    await payroll.api.post(`/api/pay-periods/${id}/reopen`, { reason: 'Something was forgotten' });
    expect((await totals(id)).body).toMatchObject({ final: false });
    expect((await csv(id, '&revision=1')).text).toBe(first.text);
    const later = await book(anna, { minutes: 15, reason: 'Forgotten' });
    expect(codeOf(await close(payroll, id))).toEqual([409, 'days_pending']);
    await server.database.sql('DELETE FROM dirty_days WHERE tenant_id = $1', [acme.id]);
    expect((await close(payroll, id)).body).toMatchObject({ revision: 2, status: 'closed' });
    const second = await totals(id);
    const adjustmentsOf = (body: { data: { adjustments: { id: string }[] }[] }) =>
      body.data.flatMap(({ adjustments }) => adjustments.map((each) => each.id));
    expect([second.body.revision, adjustmentsOf(second.body)]).toEqual([2, [later.id]]);
    const old = await csv(id, '&revision=1');
    expect([old.text, old.headers.get('etag')]).toEqual([first.text, first.headers.get('etag')]);
    expect(adjustmentsOf((await totals(id, '?revision=1')).body)).toEqual([paid.id]);
    expect(codeOf(await totals(id, '?revision=3'))).toEqual([404, 'not_found']);
    const { data } = (await payroll.api.get('/api/adjustments', { query: { status: 'paid' } })).body;
    expect(data.map((each: { paidRevision: number }) => each.paidRevision)).toEqual([2, 1]);
  });

  it('show an approver the people of their org unit, and payroll everybody', async () => {
    const unit = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f0aa';
    const [head, clerk] = [
      await acme.person({ role: 'approver', orgUnitId: unit }),
      await acme.person({ role: 'payroll', orgUnitId: unit }),
    ];
    const carl = await acme.person({ orgUnitId: unit });
    const id = await aPeriod(acme);
    await twoDays();
    await aDay(server, acme, carl, '2026-03-02');
    const seen = async (by: Person) =>
      (await totals(id, '', by)).body.data.map(({ employeeId }: { employeeId: string }) => employeeId) as string[];
    for (const when of ['open', 'closed']) {
      expect([when, await seen(head)]).toEqual([when, [carl.id]]);
      expect([when, (await seen(clerk)).sort()]).toEqual([when, [anna.id, carl.id].sort()]);
      const part = await csv(id, '', head);
      expect([part.text.includes(anna.id), part.text.includes(carl.id), part.headers.get('etag')]).toEqual([
        false,
        true,
        null,
      ]);
      await close(acme.admin, id);
    }
    expect((await totals(id, '', acme.employee)).status).toBe(403);
  });
});
