import { createHash } from 'node:crypto';
import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';
import { aDay, aPeriod, close, codeOf } from './scene';

let server: TestServer;
let acme: Tenant;
let payroll: Person;
let anna: Person;
let ben: Person;
beforeAll(async () => {
  server = await startServer();
});
beforeEach(async () => {
  acme = await server.world.tenant();
  payroll = await acme.person({ role: 'payroll' });
  anna = await acme.person({ name: 'Anna "the first", Example' });
  ben = await acme.person({ name: '=Ben' });
  await server.database.sql(
    `UPDATE users SET employee_number = CASE id WHEN $2 THEN '007' ELSE '1000' END WHERE tenant_id = $1 AND id IN ($2, $3)`,
    [acme.id, anna.id, ben.id],
  );
});
afterAll(() => server.close());

const totals = (id: string, query = '', by = payroll) => by.api.get(`/api/pay-periods/${id}/totals${query}`);
const csv = (id: string, query = '', by = payroll) => totals(id, `?format=csv${query}`, by);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const book = async (who: Person, body: Record<string, unknown> = {}) =>
  (
    await acme.admin.api.post('/api/adjustments', {
      employeeId: who.id,
      date: '2026-02-27',
      minutes: -30,
      reason: 'Paid twice',
      ...body,
    })
  ).body as { id: string };

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

  it('of more people than are read at once are whole and in order', async () => {
    const id = await aPeriod(acme);
    await server.database.sql(
      `WITH u AS (INSERT INTO users (tenant_id, name, employee_number)
         SELECT $1, 'Person ' || n, CASE WHEN n % 10 > 0 THEN 'N' || n END FROM generate_series(1, 2100) n RETURNING id)
       INSERT INTO adjustments (tenant_id, employee_id, work_date, origin, pay_source, rate, seconds, reason)
       SELECT $1, id, '2026-02-01', 'manual', 'manual', 1, 60, 'Bonus' FROM u`,
      [acme.id],
    );
    await server.database.sql('ANALYZE users, adjustments'); // as autovacuum would: without statistics each person reads all of them
    const live = await totals(id);
    await close(acme.admin, id);
    const frozen = await totals(id);
    expect(frozen.body.data).toEqual(live.body.data);
    expect(frozen.body.data).toHaveLength(2100);
    const { text, headers } = await csv(id);
    expect(headers.get('etag')).toBe(`"${sha256(text)}"`);
    const numbers = frozen.body.data.map(
      ({ employeeNumber = '~' }: { employeeNumber?: string }) => employeeNumber,
    ) as string[];
    expect(numbers).toEqual([...numbers].sort());
  });
});

describe('adjustments', () => {
  it('are booked by hand with a reason, listed, and taken back while they are open', async () => {
    const reply = await acme.admin.api.post('/api/adjustments', {
      employeeId: anna.id,
      date: '2026-03-12',
      minutes: 45,
      rate: 1.5,
      source: 'daily',
      reason: 'Confirmed too late',
    });
    expect([reply.status, reply.headers.get('etag')]).toEqual([201, '"1"']);
    expect(reply.body).toMatchObject({
      employeeId: anna.id,
      date: '2026-03-12',
      origin: 'manual',
      source: 'daily',
      rate: 1.5,
      minutes: 45,
      status: 'open',
      createdBy: acme.admin.id,
    });
    const path = `/api/adjustments/${reply.body.id}`;
    expect(codeOf(await payroll.api.delete(path, { reason: 'No' }))).toEqual([400, 'validation_failed']);
    const gone = await payroll.api.delete(path, { reason: 'Booked twice' });
    expect([gone.status, gone.body.status]).toEqual([200, 'void']);
    expect(codeOf(await payroll.api.delete(path, { reason: 'Booked twice' }))).toEqual([409, 'conflict']);
    const list = async (query: Record<string, string>) =>
      (await payroll.api.get('/api/adjustments', { query })).body.data.length as number;
    expect([
      await list({ status: 'void' }),
      await list({ status: 'open' }),
      await list({ employeeId: ben.id }),
    ]).toEqual([1, 0, 0]);
  });

  it('that were paid stay paid', async () => {
    const { id } = await book(anna);
    await close(acme.admin, await aPeriod(acme));
    const reply = await acme.admin.api.delete(`/api/adjustments/${id}`, { reason: 'Too late' });
    expect([codeOf(reply), reply.body.currentStatus]).toEqual([[409, 'conflict'], 'paid']);
  });

  it('are refused for oneself, for nobody, for nothing and for a date out of employment', async () => {
    const told = { employeeId: anna.id, date: '2026-03-12', minutes: 5, reason: 'Because' };
    const post = (more: object, by = acme.admin) => by.api.post('/api/adjustments', { ...told, ...more });
    expect(codeOf(await post({ employeeId: acme.admin.id }))).toEqual([403, 'self_approval']);
    expect(codeOf(await post({ employeeId: '01939c2e-8a56-7cc0-b1f4-0c35a3d1f0ff' }))).toEqual([
      422,
      'employee_unknown',
    ]);
    expect((await post({ minutes: 0 })).body.errors[0].pointer).toBe('/minutes');
    expect((await post({ rate: 1.0005 })).body.errors[0].pointer).toBe('/rate');
    expect((await post({}, acme.approver)).status).toBe(403);
    await server.database.sql(`UPDATE users SET hired_on = '2026-03-13' WHERE id = $1`, [anna.id]);
    const early = await post({});
    expect([codeOf(early), early.body.errors[0].pointer]).toEqual([[422, 'outside_employment'], '/date']);
    const own = await book(payroll);
    expect(codeOf(await payroll.api.delete(`/api/adjustments/${own.id}`, { reason: 'Mine' }))).toEqual([
      403,
      'self_approval',
    ]);
  });

  it('are seen by those whom they concern', async () => {
    await book(anna);
    await book(ben);
    const list = async (by: Person) => (await by.api.get('/api/adjustments', { query: { limit: 1 } })).body;
    expect((await list(anna)).data.map((each: { employeeId: string }) => each.employeeId)).toEqual([anna.id]);
    expect((await list(acme.employee)).data).toEqual([]);
    const first = await list(payroll);
    const { body } = await payroll.api.get('/api/adjustments', { query: { limit: 1, cursor: first.nextCursor } });
    expect([first.data[0].employeeId, body.data[0].employeeId, body.nextCursor]).toEqual([ben.id, anna.id, undefined]);
  });
});
