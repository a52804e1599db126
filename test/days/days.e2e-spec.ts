import { berlin, daysInBerlin } from './scene';

const { server, acme, days } = daysInBerlin();

describe('a work day', () => {
  it('is computed from its punches, and says how', async () => {
    await days.shift(acme.employee, berlin, '2026-03-02', '09:00-17:30');
    await days.punch(
      acme.employee,
      berlin,
      'in 2026-03-02T08:58',
      'break_start 2026-03-02T12:30',
      'break_end 2026-03-02T13:00',
      'out 2026-03-02T17:45',
    );
    await days.compute();
    const { status, body, headers } = await days.day(acme.employee, '2026-03-02');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      date: '2026-03-02',
      status: 'PRESENT',
      workedMinutes: 497,
      breakMinutes: 30,
      lateMinutes: 0,
      firstIn: '2026-03-02T07:58:00Z',
      approval: 'pending',
      timeZone: berlin,
      closed: false,
      openExceptions: 0,
    });
    expect(body.explanation).toEqual([
      'Planned: 09:00 to 17:30.',
      'Present: 08:58 to 17:45.',
      'Breaks: 12:30 to 13:00; 0 min are paid, 30 min are not.',
      'Paid: 8 h 17 min = 8 h 17 min regular.',
      'The day counts as: present.',
    ]);
    expect(body.punches.map((punch: { type: string; use: string }) => [punch.type, punch.use])).toEqual([
      ['in', 'counted'],
      ['break_start', 'counted'],
      ['break_end', 'counted'],
      ['out', 'counted'],
    ]);
    expect(headers.get('etag')).toBe(`"${body.revision}"`);
  });

  it('ATTR-12: a night shift is one day, the one on which it began, also over the change of summer time', async () => {
    await days.shift(acme.employee, berlin, '2026-03-28', '22:00-06:00');
    await days.punch(acme.employee, berlin, 'in 2026-03-28T22:00', 'out 2026-03-29T06:00');
    await days.compute();
    const { body } = await days.day(acme.employee, '2026-03-28');
    expect(body).toMatchObject({ status: 'PRESENT', workedMinutes: 7 * 60, scheduledMinutes: 7 * 60 });
    expect((await days.day(acme.employee, '2026-03-29')).status).toBe(404);
  });

  it('ATTR-30: a forgotten punch out is no 24-hour day: nothing is paid, and it is to be settled', async () => {
    await days.punch(acme.employee, berlin, 'in 2026-03-02T09:00', 'in 2026-03-03T09:00', 'out 2026-03-03T17:00');
    await days.compute();
    expect((await days.day(acme.employee, '2026-03-02')).body).toMatchObject({
      status: 'MISSING_OUT',
      payableMinutes: 0,
    });
    expect((await days.day(acme.employee, '2026-03-03')).body).toMatchObject({
      status: 'PRESENT',
      payableMinutes: 480,
    });
    const open = await server.database.sql(
      `SELECT code, work_date::text, status FROM attendance_exceptions WHERE tenant_id = $1 AND code = 'MISSING_OUT'`,
      [acme.id],
    );
    expect(open).toEqual([{ code: 'MISSING_OUT', work_date: '2026-03-02', status: 'open' }]);
  });

  it('ABS-01: nobody is absent before the window of the shift has closed, and then without any punch', async () => {
    const now = new Date();
    const zone = 'Etc/UTC';
    await server.database.sql(`UPDATE tenants SET time_zone = $2 WHERE id = $1`, [acme.id, zone]);
    await server.database.sql(`DELETE FROM time_zone_history WHERE tenant_id = $1`, [acme.id]);
    const today = now.toISOString().slice(0, 10);
    const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
    await days.shift(acme.employee, zone, yesterday, '00:10-08:00');
    await days.shift(acme.approver, zone, today, '00:00-23:59');
    await days.compute();
    expect((await days.day(acme.employee, yesterday)).body).toMatchObject({ status: 'ABSENT', openExceptions: 1 });
    expect((await days.day(acme.approver, today)).body).toMatchObject({ status: 'UNDECIDED' });
    const [due] = await server.database.sql<{ due_at: Date }>(
      `SELECT due_at FROM day_records WHERE tenant_id = $1 AND employee_id = $2`,
      [acme.id, acme.approver.id],
    );
    expect(due?.due_at.getTime()).toBeGreaterThan(now.getTime());
  });

  it('clears an exception when the missing punch arrives late, and opens the same row when it is deleted again', async () => {
    await days.punch(acme.employee, berlin, 'in 2026-03-02T09:00');
    await days.compute();
    const rows = () =>
      server.database.sql<{ id: string; status: string }>(
        `SELECT id, status FROM attendance_exceptions WHERE tenant_id = $1 AND code = 'MISSING_OUT'`,
        [acme.id],
      );
    const [before] = await rows();
    expect(before?.status).toBe('open');
    const [out] = await days.punch(acme.employee, berlin, 'out 2026-03-02T17:00');
    await days.compute();
    expect(await rows()).toEqual([{ id: before?.id, status: 'cleared' }]);
    await acme.admin.api.delete(`/api/punches/${out ?? ''}`, { reason: 'It was somebody else' });
    await days.compute();
    expect(await rows()).toEqual([{ id: before?.id, status: 'open' }]);
  });

  it('OT-OD-10: an approval falls back to pending when a punch below it changes, and the ledger says so', async () => {
    const [, out] = await days.punch(acme.employee, berlin, 'in 2026-03-02T09:00', 'out 2026-03-02T17:00');
    await days.compute();
    await server.database.sql(
      `UPDATE day_records SET approval = 'approved', approved_by = $2, approved_at = now() WHERE tenant_id = $1`,
      [acme.id, acme.approver.id],
    );
    await days.compute();
    expect((await days.day(acme.employee, '2026-03-02')).body.approval).toBe('approved');
    await acme.admin.api.patch(`/api/punches/${out ?? ''}`, {
      timestamp: '2026-03-02T15:30:00Z',
      reason: 'Clock was wrong',
    });
    await days.compute();
    const { body } = await days.day(acme.employee, '2026-03-02');
    expect(body).toMatchObject({ approval: 'pending', workedMinutes: 450 });
    expect(body.approvalResetAt).toBeDefined();
    const entries = await server.database.sql(
      `SELECT changes FROM audit_logs WHERE tenant_id = $1 AND entity = 'day' AND employee_id = $2`,
      [acme.id, acme.employee.id],
    );
    expect(entries).toEqual([{ changes: expect.objectContaining({ before: { approval: 'approved' } }) as unknown }]);
  });

  it('OT-CA: counts overtime over the whole workweek, also when Monday is told last', async () => {
    await days.policy({ overtime: { rules: 'US' } });
    const week = ['03', '04', '05', '06'].flatMap((day) => [`in 2026-03-${day}T08:00`, `out 2026-03-${day}T18:00`]);
    await days.punch(acme.employee, berlin, ...week);
    await days.compute();
    expect((await days.day(acme.employee, '2026-03-06')).body).toMatchObject({ overtimeMinutes: 0 });
    await days.punch(acme.employee, berlin, 'in 2026-03-02T08:00', 'out 2026-03-02T13:00');
    await days.compute();
    expect((await days.day(acme.employee, '2026-03-06')).body).toMatchObject({
      overtimeMinutes: 300,
      regularMinutes: 300,
    });
  });

  it('is computed by the policy that was in force on it', async () => {
    await days.policy({ overtime: { daily: [{ afterMinutes: 480, rate: 1.5 }] } }, '2026-03-04');
    const told = ['03', '04'].flatMap((day) => [`in 2026-03-${day}T08:00`, `out 2026-03-${day}T18:00`]);
    await days.punch(acme.employee, berlin, ...told);
    await days.compute();
    expect((await days.day(acme.employee, '2026-03-03')).body).toMatchObject({ overtimeMinutes: 0 });
    const { body } = await days.day(acme.employee, '2026-03-04');
    expect(body).toMatchObject({ overtimeMinutes: 120 });
    expect(body.policyId).toBeDefined();
  });
});

describe('whoever reads days', () => {
  it('sees those in scope: oneself, the org unit, the tenant; everybody else is not there', async () => {
    const unitId = crypto.randomUUID();
    const lead = await acme.person({ role: 'approver', orgUnitId: unitId });
    const member = await acme.person({ orgUnitId: unitId });
    await days.punch(member, berlin, 'in 2026-03-02T09:00', 'out 2026-03-02T17:00');
    await days.punch(acme.employee, berlin, 'in 2026-03-02T09:00', 'out 2026-03-02T17:00');
    await days.compute();
    const seen = async (by: typeof lead) =>
      ((await by.api.get('/api/attendance/days')).body.data as { employeeId: string }[]).map((day) => day.employeeId);
    expect(await seen(lead)).toEqual([member.id]);
    expect(await seen(member)).toEqual([member.id]);
    expect((await seen(acme.admin)).sort()).toEqual([acme.employee.id, member.id].sort());
    expect((await days.day(acme.employee, '2026-03-02', lead)).status).toBe(404);
    expect((await days.day(member, '2026-03-02', lead)).status).toBe(200);
    expect((await days.day(member, '2026-02-30', lead)).status).toBe(404);
  });

  it('pages without repeating or missing a day', async () => {
    const told = ['02', '03', '04', '05', '06'].flatMap((day) => [
      `in 2026-03-${day}T08:00`,
      `out 2026-03-${day}T16:00`,
    ]);
    await days.punch(acme.employee, berlin, ...told);
    await days.compute();
    const dates: string[] = [];
    let cursor: string | undefined;
    do {
      const query: Record<string, string | number> = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const { body } = await acme.admin.api.get('/api/attendance/days', { query });
      dates.push(...(body.data as { date: string }[]).map((day) => day.date));
      cursor = body.nextCursor as string | undefined;
    } while (cursor !== undefined);
    expect(dates).toEqual(['2026-03-06', '2026-03-05', '2026-03-04', '2026-03-03', '2026-03-02']);
  });

  it('gets sums in minutes that were added up in seconds', async () => {
    await days.punch(
      acme.employee,
      berlin,
      'in 2026-03-02T08:00:00',
      'out 2026-03-02T08:00:50',
      'in 2026-03-03T08:00:00',
      'out 2026-03-03T08:00:50',
    );
    await days.compute();
    for (const by of ['employee', 'day', 'week']) {
      const { status, body } = await acme.admin.api.get('/api/attendance/summary', {
        query: { by, from: '2026-03-01', to: '2026-03-31' },
      });
      expect(status).toBe(200);
      expect(body.totals).toMatchObject({ days: 2, workedMinutes: 1 });
      expect(body.data).toHaveLength(by === 'day' ? 2 : 1);
    }
    const wrong = await acme.admin.api.get('/api/attendance/summary', {
      query: { from: '2026-03-02', to: '2026-03-01' },
    });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'end_before_start']);
  });
});
