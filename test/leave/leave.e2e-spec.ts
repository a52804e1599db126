import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { closePeriod, entriesOf, marked } from '../days/marks';

const { server, tenant } = tenantForEachTest();

const path = '/api/attendance/leave';
const enter = (by: Person, employeeId: string, fields: Record<string, unknown> = {}) =>
  by.api.post(path, { employeeId, code: 'vacation', ...('from' in fields ? {} : { date: '2026-08-03' }), ...fields });
/** From always on: whoever moves keeps the clock of the old place for the dates before. */
async function livesIn(zone: string): Promise<void> {
  await server.database.sql('UPDATE users SET time_zone = $2 WHERE id = $1', [tenant.employee.id, zone]);
  await server.database.sql('DELETE FROM time_zone_history WHERE employee_id = $1', [tenant.employee.id]);
}
const datesOf = (body: { data: { date: string }[] }) => body.data.map(({ date }) => date);

describe('entering leave', () => {
  it('makes an entry for each date of a span, each with its evidence, and marks the days', async () => {
    const made = await enter(tenant.approver, tenant.employee.id, {
      from: '2026-01-29',
      to: '2026-02-02',
      note: 'Family',
    });
    expect(made.status).toBe(201);
    expect(datesOf(made.body)).toEqual(['2026-01-29', '2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02']);
    expect(made.body.data[0]).toMatchObject({
      employeeId: tenant.employee.id,
      code: 'vacation',
      note: 'Family',
      createdBy: tenant.approver.id,
    });
    expect(made.body.data[0].startsAt).toBeUndefined();
    const entries = await entriesOf(server, made);
    expect(entries.map((entry) => [entry['entity'], entry['action'], entry['employee_id']])).toEqual(
      Array.from({ length: 5 }, () => ['leave', 'create', tenant.employee.id]),
    );
    expect(await marked(server, tenant.employee.id)).toEqual(datesOf(made.body));
    const read = await tenant.approver.api.get(made.headers.get('location') ?? '');
    expect(read.body).toEqual(made.body);
  });

  it("reads the hours on the person's own clock", async () => {
    await livesIn('America/Los_Angeles');
    const made = await enter(tenant.admin, tenant.employee.id, { startTime: '13:00', endTime: '24:00' });
    expect(made.body.data[0]).toMatchObject({
      startsAt: '2026-08-03T20:00:00.000Z',
      endsAt: '2026-08-04T07:00:00.000Z',
    });
  });

  it.each<[string, number, string, string, Record<string, unknown>]>([
    [
      'a time in the gap of the clock',
      422,
      'local_time_nonexistent',
      '/startTime',
      { date: '2026-03-08', startTime: '02:30', endTime: '09:00' },
    ],
    [
      'a time in the repeated hour (DST-17)',
      422,
      'local_time_ambiguous',
      '/endTime',
      { date: '2026-11-01', startTime: '00:15', endTime: '01:30' },
    ],
    [
      'a gap on one date of several',
      422,
      'local_time_nonexistent',
      '/endTime',
      { from: '2026-03-06', to: '2026-03-10', startTime: '01:00', endTime: '02:15' },
    ],
    ['an end at its start', 422, 'end_before_start', '/endTime', { startTime: '09:00', endTime: '09:00' }],
    ['a last date before the first', 422, 'end_before_start', '/to', { from: '2026-08-03', to: '2026-08-02' }],
    ['63 dates', 422, 'span_too_long', '/to', { from: '2026-01-01', to: '2026-03-04' }],
    ['a time that no clock shows', 400, 'validation_failed', '/startTime', { startTime: '25:00', endTime: '26:00' }],
    ['a beginning without an end', 400, 'validation_failed', '/endTime', { startTime: '09:00' }],
    [
      'a date beside a span',
      400,
      'validation_failed',
      '/date',
      { date: '2026-08-03', from: '2026-08-03', to: '2026-08-03' },
    ],
    ['a first date without a last one', 400, 'validation_failed', '/date', { from: '2026-08-03' }],
    ['a date that is none', 400, 'validation_failed', '/date', { date: '2026-02-29' }],
    ['no code', 400, 'validation_failed', '/code', { code: '' }],
    ['an unknown person', 422, 'employee_unknown', '/employeeId', { employeeId: randomUUID() }],
  ])('refuses %s with %i %s at %s', async (_what, status, code, pointer, fields) => {
    await livesIn('America/Los_Angeles');
    const reply = await enter(tenant.admin, tenant.employee.id, fields);
    expect([reply.status, reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual([status, code, pointer]);
    expect(await server.database.count('leave_entries', 'tenant_id = $1', [tenant.id])).toBe(0);
  });

  it('takes 62 dates', async () => {
    const made = await enter(tenant.admin, tenant.employee.id, { from: '2026-01-01', to: '2026-03-03' });
    expect([made.status, made.body.data.length]).toEqual([201, 62]);
  });

  it('refuses dates out of employment', async () => {
    await server.database.sql(`UPDATE users SET hired_on = '2026-02-01', left_on = '2026-06-30' WHERE id = $1`, [
      tenant.employee.id,
    ]);
    for (const [fields, pointer] of [
      [{ date: '2026-01-31' }, '/date'],
      [{ from: '2026-01-31', to: '2026-02-02' }, '/from'],
      [{ from: '2026-06-29', to: '2026-07-01' }, '/to'],
    ] as const) {
      const reply = await enter(tenant.admin, tenant.employee.id, fields);
      expect([reply.status, reply.body.code, reply.body.errors[0].pointer]).toEqual([
        422,
        'outside_employment',
        pointer,
      ]);
    }
    expect((await enter(tenant.admin, tenant.employee.id, { from: '2026-02-01', to: '2026-02-02' })).status).toBe(201);
  });

  it('refuses leave at a time that is leave already', async () => {
    const hours = (startTime: string, endTime: string) => ({ startTime, endTime });
    expect((await enter(tenant.admin, tenant.employee.id, hours('09:00', '12:00'))).status).toBe(201);
    expect((await enter(tenant.admin, tenant.employee.id, hours('12:00', '13:00'))).status).toBe(201);
    for (const fields of [hours('11:00', '12:30'), {}, { from: '2026-08-01', to: '2026-08-05' }]) {
      const reply = await enter(tenant.admin, tenant.employee.id, fields);
      expect([reply.status, reply.body.code]).toEqual([409, 'date_taken']);
      expect(reply.body.detail).toContain('2026-08-03');
    }
    expect((await enter(tenant.admin, tenant.approver.id)).status).toBe(201);
    const together = await Promise.all(
      [1, 2, 3, 4].map(() => enter(tenant.admin, tenant.employee.id, { date: '2026-09-01' })),
    );
    expect(together.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('refuses a closed period, all dates of a span with it', async () => {
    const inside = await enter(tenant.admin, tenant.employee.id, { date: '2026-02-10' });
    await closePeriod(server, tenant, '2026-02-01', '2026-02-28');
    const reply = await enter(tenant.admin, tenant.employee.id, { from: '2026-01-30', to: '2026-02-02' });
    const gone = await tenant.admin.api.delete(`${path}/${inside.body.data[0].id}`);
    for (const { status, body } of [reply, gone]) expect([status, body.code]).toEqual([409, 'period_closed']);
    expect(await server.database.count('leave_entries', 'tenant_id = $1', [tenant.id])).toBe(1);
  });

  it('is done once, however often it is sent with the same key', async () => {
    const key = aKey();
    const body = { employeeId: tenant.employee.id, date: '2026-08-03', code: 'vacation' };
    const [first, again] = [
      await tenant.admin.api.post(path, body, { key }),
      await tenant.admin.api.post(path, body, { key }),
    ];
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([201, first.text, 'true']);
  });
});

describe('who handles whose leave', () => {
  it.each(['approver', 'admin'] as const)('K7: is nobody for oneself: not the %s, who asks another', async (role) => {
    const [self, other] = role === 'admin' ? [tenant.admin, tenant.approver] : [tenant.approver, tenant.admin];
    for (const id of [self.id, self.id.toUpperCase()]) {
      const asked = await enter(self, id);
      expect([asked.status, asked.body.code]).toEqual([403, 'self_approval']);
    }
    const made = await enter(other, self.id);
    expect(made.status).toBe(201);
    const gone = await self.api.delete(`${path}/${made.body.data[0].id}`);
    expect([gone.status, gone.body.code]).toEqual([403, 'self_approval']);
    expect(await server.database.count('leave_entries', 'tenant_id = $1', [tenant.id])).toBe(1);
  });

  it('is no employee', async () => {
    expect((await enter(tenant.employee, tenant.employee.id)).body.code).toBe('forbidden');
  });

  it('is the approver of the org unit; others are answered like people who do not exist', async () => {
    const unit = randomUUID();
    const chief = await tenant.person({ role: 'approver', orgUnitId: unit });
    const member = await tenant.person({ orgUnitId: unit });
    expect((await enter(chief, member.id)).status).toBe(201);
    const other = await enter(tenant.admin, tenant.employee.id);
    const id = other.body.data[0].id as string;
    const refused = await enter(chief, tenant.employee.id);
    const unknown = await enter(chief, randomUUID());
    const plain = (text: string) => text.replace(/"requestId":"[^"]*"/, '');
    expect([refused.status, refused.body.code, plain(refused.text)]).toEqual([
      422,
      'employee_unknown',
      plain(unknown.text),
    ]);
    expect((await chief.api.get(`${path}/${id}`)).status).toBe(404);
    expect((await chief.api.delete(`${path}/${id}`)).status).toBe(404);
    const stale = { headers: { 'if-match': '"7"' } };
    expect((await chief.api.delete(`${path}/${id}`, undefined, stale)).status).toBe(404);
    expect((await chief.api.get(path)).body.data).toHaveLength(1);
    expect((await member.api.get(path)).body.data).toHaveLength(1);
    expect((await tenant.employee.api.get(`${path}/${id}`)).status).toBe(200);
    expect((await member.api.get(`${path}/${id}`)).status).toBe(404);
    expect((await member.api.get(path, { query: { employeeId: tenant.employee.id } })).body).toEqual({ data: [] });
    expect((await tenant.admin.api.get(path)).body.data).toHaveLength(2);
    const stranger = await server.world.tenant();
    expect((await stranger.admin.api.get(path)).body).toEqual({ data: [] });
    expect((await enter(stranger.admin, tenant.employee.id)).body.code).toBe('employee_unknown');
  });
});

describe('an entry of leave', () => {
  it('is deleted with evidence, and its day is computed again', async () => {
    const { body } = await enter(tenant.admin, tenant.employee.id, { date: '2026-01-05' });
    const { id } = body.data[0];
    await server.database.sql('DELETE FROM dirty_days WHERE employee_id = $1', [tenant.employee.id]);
    const stale = await tenant.admin.api.delete(`${path}/${id}`, undefined, { headers: { 'if-match': '"7"' } });
    expect(stale.status).toBe(412);
    const gone = await tenant.admin.api.delete(`${path}/${id}`, undefined, { headers: { 'if-match': '"1"' } });
    expect([gone.status, gone.body]).toEqual([200, body.data[0]]);
    expect((await tenant.admin.api.get(`${path}/${id}`)).status).toBe(404);
    expect(await entriesOf(server, gone)).toMatchObject([
      { entity: 'leave', action: 'delete', changes: { before: { date: '2026-01-05', code: 'vacation' }, after: null } },
    ]);
    expect(await marked(server, tenant.employee.id)).toEqual(['2026-01-05']);
  });

  it('is found by person, date and code, page by page', async () => {
    await enter(tenant.admin, tenant.employee.id, { from: '2026-08-03', to: '2026-08-05' });
    await enter(tenant.admin, tenant.approver.id, { date: '2026-08-04', code: 'sick' });
    const ask = async (query: Record<string, string | number>) => (await tenant.admin.api.get(path, { query })).body;
    expect(datesOf(await ask({ employeeId: tenant.employee.id, from: '2026-08-04' }))).toEqual([
      '2026-08-04',
      '2026-08-05',
    ]);
    expect(datesOf(await ask({ code: 'sick' }))).toEqual(['2026-08-04']);
    const first = await ask({ limit: 3 });
    const second = await ask({ limit: 3, cursor: first.nextCursor });
    expect([...datesOf(first), ...datesOf(second)]).toEqual(['2026-08-03', '2026-08-04', '2026-08-04', '2026-08-05']);
    expect(second.nextCursor).toBeUndefined();
  });
});
