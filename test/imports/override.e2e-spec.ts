import { ImportWorker } from '../../src/attendance/imports/import-worker';
import { Days } from '../days/scene';
import type { Reply } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';

let server: TestServer;
let acme: Tenant;
let anna: Person;
const base = '/api/attendance/import';

beforeAll(async () => {
  server = await startServer({ BODY_LIMIT_BYTES: '2000000' });
});
afterAll(() => server.close());
beforeEach(async () => {
  acme = await server.world.tenant();
  anna = acme.employee;
  await server.database.sql(`UPDATE users SET employee_number = '0001' WHERE tenant_id = $1 AND id = $2`, [
    acme.id,
    anna.id,
  ]);
  await server.database.sql(`UPDATE tenants SET time_zone = 'UTC' WHERE id = $1`, [acme.id]);
});

type Body = Record<string, unknown>;
const preview = (body: Body) => acme.admin.api.post(`${base}/preview`, body);
const work = () => server.app.get(ImportWorker, { strict: false }).drain();
const rollback = (id: string) => acme.admin.api.post(`${base}/rollback/${id}`);

/** Previews and commits; what was previewed is what is done. */
async function imported(body: Body): Promise<{ id: string; counts: Record<string, number>; looked: Reply }> {
  const looked = await preview(body);
  expect(looked.status).toBe(200);
  const done = await acme.admin.api.post(`${base}/commit`, { ...body, commitToken: looked.body.commitToken as string });
  expect([done.status, done.body.status]).toEqual([200, 'completed']);
  expect(done.body.counts).toEqual(looked.body.counts);
  return { id: done.body.batchId as string, counts: done.body.counts as Record<string, number>, looked };
}

const none = { create: 0, update: 0, skip: 0, conflict: 0, reject: 0, quarantine: 0 };
const punches = (...rows: string[]) => ({
  csvText: ['employeeNumber,type,timestamp', ...rows, ''].join('\n'),
  kind: 'punches',
});
const days = (...rows: string[]) => ({
  csvText: ['employeeNumber,date,in,breakStart,breakEnd,out', ...rows, ''].join('\n'),
  kind: 'days',
  timeZone: 'UTC',
  mapping: {
    fields: {
      employee: 'employeeNumber',
      date: 'date',
      in: 'in',
      breakStart: 'breakStart',
      breakEnd: 'breakEnd',
      out: 'out',
    },
  },
});
const overriding = (body: Body) => ({ ...body, mode: 'override' });

const active = async () => {
  const rows = await server.database.sql<{ told: string }>(
    `SELECT type || ' ' || to_char(occurred_at AT TIME ZONE 'UTC', 'DD HH24:MI') AS told FROM punches
     WHERE tenant_id = $1 AND status = 'active' ORDER BY occurred_at, type_rank`,
    [acme.id],
  );
  return rows.map(({ told }) => told);
};
/** All that counts, but for versions; with what was computed of it. */
const state = async () => [
  await server.database.sql(
    `SELECT to_jsonb(p) - 'version' AS punch FROM punches p WHERE tenant_id = $1 AND status <> 'void' ORDER BY id`,
    [acme.id],
  ),
  await new Days(server, acme).records(),
];
const idOf = async (type: string, at: string) => {
  const [row] = await server.database.sql<{ id: string }>(
    `SELECT id FROM punches WHERE tenant_id = $1 AND status = 'active' AND type = $2 AND occurred_at = $3`,
    [acme.id, type, at],
  );
  return row?.id ?? '';
};

describe('an import of days', () => {
  it('creates what is not there, completes what is there in part, and skips what is the same', async () => {
    expect((await imported(days('0001,2026-03-02,09:00,,,17:00'))).counts).toEqual({ ...none, create: 2 });
    expect((await imported(days('0001,2026-03-02,09:00,,,17:00'))).counts).toEqual({ ...none, skip: 2 });
    const more = await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00', '0001,2026-03-03,09:00,,,17:00'));
    expect(more.counts).toEqual({ ...none, create: 4, skip: 2 });
    expect(await active()).toEqual([
      'in 02 09:00',
      'break_start 02 12:00',
      'break_end 02 12:30',
      'out 02 17:00',
      'in 03 09:00',
      'out 03 17:00',
    ]);
  });

  it('leaves a day that stands otherwise, and says what stands there', async () => {
    await imported(days('0001,2026-03-02,09:00,,,17:00'));
    const before = await state();
    const { id, counts, looked } = await imported(
      days('0001,2026-03-02,09:15,,,17:00', '0001,2026-03-03,09:00,,,17:00'),
    );
    expect(counts).toEqual({ ...none, create: 2, conflict: 1 });
    expect(looked.body.errors).toEqual([
      {
        line: 2,
        column: 'date',
        value: '2026-03-02',
        code: 'day_differs',
        detail:
          'on this day stand in 09:00, out 17:00; import with mode override to replace what stands, or take the row out of the file',
      },
    ]);
    const listed = await acme.admin.api.get(`${base}/batches/${id}/errors`);
    expect(listed.text).toContain('2,date,2026-03-02,day_differs');
    expect((await acme.admin.api.get(`${base}/jobs/${id}`)).body).toMatchObject({
      counts: { ...none, create: 2, conflict: 1 },
      reading: { mode: 'skip' },
    });
    await rollback(id);
    expect(await state()).toEqual(before);
  });

  it('replaces a day in mode override, and a rollback restores it to the byte', async () => {
    const clock = new Days(server, acme);
    await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00', '0001,2026-03-03,09:00,,,17:00'));
    await clock.compute();
    const before = await state();
    const file = days('0001,2026-03-02,09:15,,,17:00', '0001,2026-03-03,09:00,,,17:00');
    const { id, counts } = await imported(overriding(file));
    expect(counts).toEqual({ ...none, update: 1, skip: 2 });
    expect(await active()).toEqual(['in 02 09:15', 'out 02 17:00', 'in 03 09:00', 'out 03 17:00']);
    const gone = await server.database.sql(
      `SELECT p.type, p.version, n.type AS by, n.replaces = p.id AS replaces FROM punches p
       JOIN punches n ON n.tenant_id = p.tenant_id AND n.id = p.superseded_by
       WHERE p.tenant_id = $1 AND p.status = 'superseded' ORDER BY p.occurred_at`,
      [acme.id],
    );
    expect(gone).toEqual([
      { type: 'in', version: 2, by: 'in', replaces: true },
      { type: 'break_start', version: 2, by: 'in', replaces: false },
      { type: 'break_end', version: 2, by: 'in', replaces: false },
    ]);
    await clock.compute();
    expect((await clock.day(anna, '2026-03-02')).body).not.toEqual({});
    const undone = await rollback(id);
    expect([undone.status, undone.body.status]).toEqual([200, 'rolled_back']);
    await clock.compute();
    expect(await state()).toEqual(before);
    const entries = await server.database.sql<{ action: string; changes: any }>(
      `SELECT action, changes FROM audit_logs WHERE tenant_id = $1 AND entity_id = $2 ORDER BY id`,
      [acme.id, id],
    );
    expect(entries.map(({ action }) => action)).toEqual(['create', 'rollback']);
    expect(entries[0]?.changes.after).toMatchObject({ mode: 'override', counts });
    expect((await preview(overriding(file))).body.counts).toEqual(counts);
  });

  it('knows the night before from the day: a shift past midnight is one day of its row', async () => {
    const file = days('0001,2026-03-02,22:00,,,06:00', '0001,2026-03-03,22:00,,,06:00');
    await imported(file);
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 4 });
    const { counts } = await imported(overriding(days('0001,2026-03-03,21:30,,,05:30')));
    expect(counts).toEqual({ ...none, update: 1 });
    expect(await active()).toEqual(['in 02 22:00', 'out 03 06:00', 'in 03 21:30', 'out 04 05:30']);
  });

  it('takes the rows of one person and day together, as time trackers write them', async () => {
    const file = days('0001,2026-03-02,09:00,,,12:00', '0001,2026-03-02,13:00,,,17:00');
    expect((await imported(file)).counts).toEqual({ ...none, create: 4 });
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 4 });
    const later = days('0001,2026-03-02,09:00,,,12:00', '0001,2026-03-02,13:30,,,17:00');
    expect((await imported(later)).counts).toEqual({ ...none, conflict: 2 });
    expect((await imported(overriding(later))).counts).toEqual({ ...none, update: 2 });
    expect(await active()).toEqual(['in 02 09:00', 'out 02 12:00', 'in 02 13:30', 'out 02 17:00']);
  });

  it('does not undo a correction: what was corrected or deleted since counts as told', async () => {
    await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00'));
    const id = await idOf('in', '2026-03-02T09:00:00Z');
    await acme.admin.api.patch(`/api/punches/${id}`, { timestamp: '2026-03-02T09:05:00Z', reason: 'Was at the gate' });
    const gone = await idOf('break_end', '2026-03-02T12:30:00Z');
    await acme.admin.api.delete(`/api/punches/${gone}`, { reason: 'No such break' });
    const before = await active();
    const file = days('0001,2026-03-02,09:00,12:00,12:30,17:00');
    expect((await imported(file)).counts).toEqual({ ...none, skip: 4 });
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 4 });
    expect(await active()).toEqual(before);
  });

  it('is the same as a job, in chunks: also of a day whose rows lie far apart', async () => {
    const dates = Array.from({ length: 1_200 }, (_, n) =>
      new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10),
    );
    const rows = (start: string) => [
      ...dates.map((date) => `0001,${date},${start},,,12:00`),
      ...dates.map((date) => `0001,${date},13:00,,,17:00`),
    ];
    const job = async (body: Body) => {
      const looked = await preview(body);
      const { commitToken } = looked.body as { commitToken: string };
      const started = await acme.admin.api.post(`${base}/commit`, { ...body, commitToken });
      expect(started.status).toBe(202);
      expect(await work()).toBe(1);
      const reply = await acme.admin.api.get(`${base}/jobs/${started.body.batchId as string}`);
      expect(reply.body).toMatchObject({ status: 'completed', progress: { done: 2_400 } });
      return { id: started.body.batchId as string, counts: reply.body.counts as Record<string, number> };
    };
    const first = await job(days(...rows('09:00')));
    expect(first.counts).toEqual({ ...none, create: 4_800 });
    const before = await state();
    const second = await job(overriding(days(...rows('08:30'))));
    expect(second.counts.update).toBeGreaterThan(1_200);
    expect([second.counts.reject, second.counts.conflict]).toEqual([0, 0]);
    const standing = await active();
    expect([standing.length, standing.slice(0, 4)]).toEqual([
      4_800,
      ['in 01 08:30', 'out 01 12:00', 'in 01 13:00', 'out 01 17:00'],
    ]);
    expect((await rollback(first.id)).body).toMatchObject({ code: 'import_superseded', batchId: second.id });
    expect((await rollback(second.id)).status).toBe(202);
    await work();
    expect(await state()).toEqual(before);
    expect((await rollback(first.id)).status).toBe(200);
    expect(await active()).toEqual([]);
  });
});

describe('an import of punches', () => {
  it('finds a conflict where a punch stands that says no direction, and replaces it in mode override', async () => {
    await imported(punches('0001,unknown,2026-03-02T09:00:00Z', '0001,out,2026-03-02T17:00:00Z'));
    const before = await state();
    const file = punches(
      '0001,in,2026-03-02T09:00:00Z',
      '0001,unknown,2026-03-02T17:00:00Z',
      '0001,in,2026-03-02T17:00:00Z',
    );
    const left = await imported(file);
    expect(left.counts).toEqual({ ...none, create: 1, skip: 1, conflict: 1 });
    expect(left.looked.body.errors).toMatchObject([{ line: 2, column: 'type', value: 'in', code: 'punch_differs' }]);
    await rollback(left.id);
    const done = await imported(overriding(file));
    expect(done.counts).toEqual({ ...none, create: 1, update: 1, skip: 1 });
    expect(await active()).toEqual(['in 02 09:00', 'out 02 17:00', 'in 02 17:00']);
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 3 });
    await rollback(done.id);
    expect(await state()).toEqual(before);
  });

  it('binds its mode to the token', async () => {
    const file = punches('0001,in,2026-03-02T09:00:00Z');
    const { commitToken } = (await preview(file)).body as { commitToken: string };
    const reply = await acme.admin.api.post(`${base}/commit`, { ...overriding(file), commitToken });
    expect([reply.status, reply.body.code]).toEqual([409, 'import_token_stale']);
  });
});

describe('the rollback of an overriding import', () => {
  const day = '0001,2026-03-02,09:00,,,17:00';

  it('NEG-05: is refused by a correction on top of it, which is named', async () => {
    await imported(days(day));
    const { id } = await imported(overriding(days('0001,2026-03-02,09:15,,,17:00')));
    const made = await idOf('in', '2026-03-02T09:15:00Z');
    const corrected = await acme.admin.api.patch(`/api/punches/${made}`, {
      timestamp: '2026-03-02T09:10:00Z',
      reason: 'Was at the gate',
    });
    const reply = await rollback(id);
    expect([reply.status, reply.body.code]).toEqual([409, 'import_superseded']);
    expect(reply.body).toMatchObject({ punchId: made, supersededBy: corrected.body.id });
    expect(reply.body).not.toHaveProperty('batchId');
    expect(await active()).toEqual(['in 02 09:10', 'out 02 17:00']);
  });

  it('is refused by a later batch on top of it, which is named, and goes in reverse order', async () => {
    const first = await imported(days(day));
    const start = await state();
    const second = await imported(overriding(days('0001,2026-03-02,09:15,,,17:00')));
    const middle = await state();
    const third = await imported(overriding(days(day)));
    expect(third.counts).toEqual({ ...none, update: 1 });
    for (const [below, above] of [
      [first, second],
      [second, third],
    ] as const) {
      const reply = await rollback(below.id);
      expect([reply.status, reply.body.code, reply.body.batchId]).toEqual([409, 'import_superseded', above.id]);
    }
    expect((await rollback(third.id)).status).toBe(200);
    expect(await state()).toEqual(middle);
    expect((await rollback(second.id)).status).toBe(200);
    expect(await state()).toEqual(start);
    expect((await rollback(first.id)).status).toBe(200);
    expect(await active()).toEqual([]);
  });

  it('is refused where what it left standing was replaced later', async () => {
    await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00'));
    const shorter = await imported(overriding(days(day)));
    const later = await imported(overriding(days('0001,2026-03-02,08:45,,,17:15')));
    expect((await rollback(shorter.id)).body).toMatchObject({ code: 'import_superseded', batchId: later.id });
  });

  it('is refused when its pay period was closed since', async () => {
    await imported(days(day));
    const { id } = await imported(overriding(days('0001,2026-03-02,09:15,,,17:00')));
    await closeMarch();
    expect((await rollback(id)).body).toMatchObject({ code: 'period_closed' });
  });
});

async function closeMarch(): Promise<void> {
  await new Days(server, acme).compute();
  const period = await acme.admin.api.post('/api/pay-periods', { type: 'monthly', date: '2026-03-01' });
  const reply = await acme.admin.api.post(`/api/pay-periods/${period.body.id as string}/close`, {
    acceptOpenExceptions: true,
    reason: 'All looked at',
  });
  expect(reply.status).toBeLessThan(300);
}

describe('a closed pay period', () => {
  it('is never touched: a row that would is rejected, one that adds goes into quarantine', async () => {
    await imported(days('0001,2026-03-02,09:00,,,17:00'));
    await imported(punches('0001,unknown,2026-03-04T09:00:00Z'));
    await closeMarch();
    const file = days(
      '0001,2026-03-02,09:15,,,17:00',
      '0001,2026-03-03,09:00,,,17:00',
      '0001,2026-04-01,09:00,,,17:00',
    );
    const left = await imported(file);
    expect(left.counts).toEqual({ ...none, create: 4, quarantine: 2, conflict: 1 });
    const refused = await imported(overriding(file));
    expect(refused.counts).toEqual({ ...none, skip: 4, reject: 1 });
    expect(refused.looked.body.errors).toMatchObject([{ line: 2, column: 'date', code: 'period_closed' }]);
    const punch = await imported(overriding(punches('0001,in,2026-03-04T09:00:00Z')));
    expect(punch.counts).toEqual({ ...none, reject: 1 });
    expect(punch.looked.body.errors).toMatchObject([{ line: 2, code: 'period_closed' }]);
  });

  it('nor is what was accepted from quarantine', async () => {
    await closeMarch();
    await imported(days('0001,2026-03-03,09:00,,,17:00'));
    const waiting = await server.database.sql<{ id: string }>(
      `SELECT id FROM punches WHERE tenant_id = $1 AND status = 'quarantined' ORDER BY occurred_at`,
      [acme.id],
    );
    for (const { id } of waiting) {
      const decided = await acme.admin.api.put(`/api/punches/${id}/quarantine`, {
        status: 'accepted',
        reason: 'The terminal was offline',
      });
      expect(decided.status).toBe(200);
    }
    const { counts, looked } = await imported(overriding(days('0001,2026-03-03,09:30,,,17:00')));
    expect(counts).toEqual({ ...none, reject: 1 });
    expect(looked.body.errors).toMatchObject([{ line: 2, code: 'punch_accepted' }]);
  });
});
