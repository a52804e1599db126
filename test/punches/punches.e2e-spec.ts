import { randomUUID } from 'node:crypto';
import { startServer, type TestServer } from '../support/server';
import { aKey, type Client } from '../support/client';
import type { Person, Tenant } from '../support/world';

let server: TestServer;
let acme: Tenant;
beforeAll(async () => {
  server = await startServer();
  acme = await server.world.tenant();
});
afterAll(() => server.close());

type Told = Record<string, unknown>;
const punch = (by: Client, employee: Person, type: string, more: Told = {}) =>
  by.post('/api/punches', { employeeId: employee.id, type, ...more }, { key: aKey() });
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const someone = () => acme.person({});

describe('a day at the clock', () => {
  it('goes in, to a break, back and out', async () => {
    const anna = await someone();
    const day = [
      ['in', 480],
      ['break_start', 240],
      ['break_end', 210],
      ['out', 5],
    ] as const;
    for (const [type, minutes] of day) {
      const reply = await punch(anna.api, anna, type, { timestamp: minutesAgo(minutes) });
      expect([type, reply.status, reply.body.flags]).toEqual([type, 201, []]);
      expect(reply.headers.get('location')).toBe(`/api/punches/${reply.body.id}`);
    }
    const list = await anna.api.get('/api/punches');
    expect(list.body.data.map((p: { type: string }) => p.type)).toEqual(['out', 'break_end', 'break_start', 'in']);
  });

  it('uses the clock of the server when the device sends none, and keeps both times when it does', async () => {
    const anna = await someone();
    const now = await punch(anna.api, anna, 'in');
    expect(now.body).toMatchObject({ skewMs: 0, source: 'api' });
    expect(now.body.occurredAt).toBe(now.body.receivedAt);
    const told = await punch(acme.admin.api, await someone(), 'in', { timestamp: '2026-03-29T03:30:00+02:00' });
    expect(told.body).toMatchObject({ occurredAt: '2026-03-29T01:30:00.000Z', deviceOffsetMinutes: 120 });
    expect(told.body.skewMs).toBe(Date.parse(told.body.receivedAt) - Date.parse('2026-03-29T01:30:00Z'));
  });

  it('answers 409 with the present state and what is allowed next', async () => {
    const anna = await someone();
    await punch(anna.api, anna, 'in', { timestamp: minutesAgo(60) });
    const reply = await punch(anna.api, anna, 'break_end');
    expect(reply.status).toBe(409);
    expect(reply.body).toMatchObject({ code: 'punch_out_of_order', state: 'in', allowedNext: ['out', 'break_start'] });
  });

  it('refuses a double tap, and lets the tenant say what that is', async () => {
    const [slow] = [await server.world.tenant(undefined, { punchTooSoonSeconds: 600 })];
    await punch(slow.employee.api, slow.employee, 'in', { timestamp: minutesAgo(9) });
    const reply = await punch(slow.employee.api, slow.employee, 'in');
    expect([reply.status, reply.body.code]).toEqual([409, 'PUNCH_TOO_SOON']);
  });

  it('refuses a time more than five minutes ahead, with a pointer', async () => {
    const anna = await someone();
    const reply = await punch(anna.api, anna, 'in', { timestamp: minutesAgo(-6) });
    expect([reply.status, reply.body.code, reply.body.errors[0].pointer]).toEqual([
      422,
      'punch_in_future',
      '/timestamp',
    ]);
    expect((await punch(anna.api, anna, 'in', { timestamp: minutesAgo(-4) })).status).toBe(201);
  });

  it('lets somebody in who forgot to punch out the day before', async () => {
    const anna = await someone();
    await punch(anna.api, anna, 'in', { timestamp: minutesAgo(24 * 60) });
    const reply = await punch(anna.api, anna, 'in');
    expect([reply.status, reply.body.flags]).toEqual([201, ['missing_out_before']]);
  });
});

describe('the network', () => {
  it('PAIR-08: told twice without a key, it is one punch: 200 with the first one and duplicate: true', async () => {
    const anna = await someone();
    const told = { employeeId: anna.id, type: 'in', timestamp: minutesAgo(30) };
    const first = await anna.api.post('/api/punches', told);
    const second = await anna.api.post('/api/punches', told);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual({ ...first.body, duplicate: true });
    expect(await server.database.count('punches', 'employee_id = $1', [anna.id])).toBe(1);
    expect(await server.database.count('audit_logs', 'employee_id = $1', [anna.id])).toBe(1);
  });

  it("knows a punch again by the app's own number", async () => {
    const anna = await someone();
    const told = { employeeId: anna.id, type: 'in', clientPunchId: 'app-17' };
    const [first, second] = [await anna.api.post('/api/punches', told), await anna.api.post('/api/punches', told)];
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
  });

  it('NEG-03: two at once with the same key make one punch', async () => {
    const anna = await someone();
    const key = aKey();
    const told = { employeeId: anna.id, type: 'in' };
    const replies = await Promise.all(Array.from({ length: 8 }, () => anna.api.post('/api/punches', told, { key })));
    expect(new Set(replies.map((reply) => `${reply.status} ${reply.text}`)).size).toBe(1);
    expect(await server.database.count('punches', 'employee_id = $1', [anna.id])).toBe(1);
  });

  it('PAIR-07: "out" and "in" at one instant are a change of job, not a duplicate', async () => {
    const anna = await someone();
    const noon = minutesAgo(120);
    await punch(anna.api, anna, 'in', { timestamp: minutesAgo(360) });
    const replies = [
      await punch(anna.api, anna, 'in', { timestamp: noon, source: 'api' }),
      await punch(anna.api, anna, 'out', { timestamp: noon }),
    ];
    // The "in" came first over the network, and does not fit yet; the kiosk sends it again after the "out".
    expect(replies.map((reply) => reply.status)).toEqual([409, 201]);
    expect((await punch(anna.api, anna, 'in', { timestamp: noon })).status).toBe(201);
    expect((await punch(anna.api, anna, 'out', { timestamp: minutesAgo(10) })).status).toBe(201);
  });

  it('puts a punch that arrives late where it belongs', async () => {
    const anna = await someone();
    await punch(anna.api, anna, 'in', { timestamp: minutesAgo(300) });
    await punch(anna.api, anna, 'out', { timestamp: minutesAgo(10) });
    const start = await punch(anna.api, anna, 'break_start', { timestamp: minutesAgo(200) });
    const end = await punch(anna.api, anna, 'break_end', { timestamp: minutesAgo(170) });
    expect([start.status, end.status]).toEqual([201, 201]);
  });

  it('groups what arrives at once, and gives each its own answer', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, someone));
    const strangers = Array.from({ length: 5 }, () => ({ id: randomUUID() }));
    const replies = await Promise.all([
      ...people.map((person) => punch(person.api, person, 'in')),
      ...strangers.map(({ id }) =>
        acme.admin.api.post('/api/punches', { employeeId: id, type: 'in' }, { key: aKey() }),
      ),
    ]);
    expect(replies.map((reply) => reply.status)).toEqual([...people.map(() => 201), ...strangers.map(() => 422)]);
    expect(new Set(replies.slice(0, 20).map((reply) => reply.body.employeeId))).toEqual(
      new Set(people.map((person) => person.id)),
    );
  });
});

describe('terminals and batches have nobody to tell', () => {
  it('PAIR-06..10: records and flags what does not fit', async () => {
    const anna = await someone();
    const reply = await punch(acme.admin.api, anna, 'out', {
      source: 'terminal',
      deviceId: 'door-1',
      timestamp: minutesAgo(30),
    });
    expect([reply.status, reply.body.flags]).toEqual([201, ['orphan_out']]);
    expect((await punch(anna.api, anna, 'in', { source: 'terminal' })).status).toBe(403);
  });

  it('IDM-48: answers each row of a batch for itself, in the order sent, and replays it', async () => {
    const anna = await someone();
    const punches = [
      { employeeId: anna.id, type: 'out', timestamp: minutesAgo(60) },
      { employeeId: anna.id, type: 'in', timestamp: minutesAgo(540) },
      { employeeId: randomUUID(), type: 'in', timestamp: minutesAgo(540) },
      { employeeId: anna.id, type: 'in', timestamp: minutesAgo(540) },
      { employeeId: anna.id, type: 'in', timestamp: minutesAgo(-60) },
    ];
    const key = aKey();
    const reply = await acme.admin.api.post('/api/punches/batch', { punches }, { key });
    expect(reply.status).toBe(200);
    expect(reply.body.counts).toEqual({ created: 2, duplicate: 1, refused: 2 });
    expect(reply.body.results.map((row: { status: string; code?: string }) => row.code ?? row.status)).toEqual([
      'created',
      'created',
      'employee_unknown',
      'duplicate',
      'punch_in_future',
    ]);
    expect(reply.body.results[0].flags).toBeUndefined();
    const again = await acme.admin.api.post('/api/punches/batch', { punches }, { key });
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([reply.text, 'true']);
  });

  it('AUD-10: a batch of a thousand is one request: a thousand punches, a thousand entries under its request id', async () => {
    const crew = await Promise.all(Array.from({ length: 10 }, someone));
    const punches = Array.from({ length: 1000 }, (_, i) => ({
      employeeId: crew[i % 10]?.id,
      type: Math.floor(i / 10) % 2 === 0 ? 'in' : 'out',
      timestamp: new Date(Date.UTC(2026, 0, 5, 8) + Math.floor(i / 10) * 3_600_000).toISOString(),
    }));
    const key = aKey();
    const reply = await acme.admin.api.post('/api/punches/batch', { punches }, { key });
    expect(reply.body.counts).toEqual({ created: 1000, duplicate: 0, refused: 0 });
    expect(await server.database.count('audit_logs', 'request_id = $1', [reply.headers.get('x-request-id')])).toBe(
      1000,
    );
    expect((await acme.admin.api.post('/api/punches/batch', { punches }, { key })).text).toBe(reply.text);
    expect((await acme.admin.api.post('/api/punches/batch', { punches: [...punches, punches[0]] })).status).toBe(400);
  });
});

describe('corrections', () => {
  const recorded = async () => {
    const anna = await someone();
    const reply = await punch(anna.api, anna, 'in', { timestamp: minutesAgo(90) });
    return { anna, id: String(reply.body.id) };
  };

  it('adds a new fact and leaves the old one readable', async () => {
    const { anna, id } = await recorded();
    const timestamp = minutesAgo(100);
    const reply = await acme.approver.api.patch(
      `/api/punches/${id}`,
      { timestamp, reason: 'Kiosk was down' },
      { key: aKey() },
    );
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      type: 'in',
      occurredAt: timestamp,
      replaces: id,
      status: 'active',
      reason: 'Kiosk was down',
    });
    const old = await anna.api.get(`/api/punches/${id}`);
    expect(old.body).toMatchObject({ status: 'superseded', supersededBy: reply.body.id, reason: 'Kiosk was down' });
    const listed = await anna.api.get('/api/punches');
    expect(listed.body.data.map((p: { id: string }) => p.id)).toEqual([reply.body.id]);
    const [entry] = await server.database.sql(
      "SELECT changes FROM audit_logs WHERE punch_id = $1 AND action = 'update'",
      [id],
    );
    expect(entry?.changes).toMatchObject({ after: { supersededBy: reply.body.id, reason: 'Kiosk was down' } });
  });

  it('demands a reason, and something to change', async () => {
    const { id } = await recorded();
    expect((await acme.admin.api.patch(`/api/punches/${id}`, { type: 'out' })).body.errors[0].pointer).toBe('/reason');
    expect((await acme.admin.api.patch(`/api/punches/${id}`, { reason: 'no change' })).status).toBe(400);
  });

  it('refuses a lost race (412) and a second correction of the same original (409)', async () => {
    const { id } = await recorded();
    const correct = (headers: Record<string, string>) =>
      acme.admin.api.patch(`/api/punches/${id}`, { type: 'out', reason: 'Pressed the wrong button' }, { headers });
    expect((await correct({ 'if-match': '"7"' })).status).toBe(412);
    expect((await correct({ 'if-match': '"1"' })).status).toBe(200);
    const again = await correct({});
    expect([again.status, again.body.code]).toEqual([409, 'punch_not_active']);
  });

  it('deletes with a reason; the original stays readable and no longer counts', async () => {
    const { anna, id } = await recorded();
    const reply = await acme.admin.api.delete(`/api/punches/${id}`, { reason: 'Wrong person' }, { key: aKey() });
    expect([reply.status, reply.body.status]).toEqual([200, 'deleted']);
    expect((await anna.api.get(`/api/punches/${id}`)).body).toMatchObject({
      status: 'deleted',
      reason: 'Wrong person',
    });
    expect((await anna.api.get('/api/punches')).body.data).toEqual([]);
    expect((await anna.api.get('/api/punches', { query: { status: 'all' } })).body.data).toHaveLength(1);
    expect((await punch(anna.api, anna, 'in', { timestamp: minutesAgo(90) })).status).toBe(201);
  });

  it('is not for employees', async () => {
    const { anna, id } = await recorded();
    expect((await anna.api.patch(`/api/punches/${id}`, { type: 'out', reason: 'because' })).status).toBe(403);
    expect((await anna.api.delete(`/api/punches/${id}`, { reason: 'because' })).status).toBe(403);
  });
});

describe('who may see and do what', () => {
  it('lets an employee punch for nobody else, and see nobody else', async () => {
    const [anna, bert] = [await someone(), await someone()];
    const own = await punch(bert.api, bert, 'in');
    expect((await punch(anna.api, bert, 'in')).status).toBe(403);
    expect((await anna.api.get(`/api/punches/${own.body.id}`)).status).toBe(404);
    expect((await anna.api.get('/api/punches', { query: { employeeId: bert.id } })).body.data).toEqual([]);
  });

  it("keeps an approver to their org unit: nobody else's punch is there for them", async () => {
    const unit = randomUUID();
    const boss = await acme.person({ role: 'approver', orgUnitId: unit });
    const [inside, outside] = [await acme.person({ orgUnitId: unit }), await someone()];
    const mine = await punch(boss.api, inside, 'in');
    const other = await punch(outside.api, outside, 'in');
    expect(mine.status).toBe(201);
    expect((await punch(boss.api, outside, 'out')).body.code).toBe('employee_unknown');
    expect((await boss.api.get(`/api/punches/${other.body.id}`)).status).toBe(404);
    expect((await boss.api.delete(`/api/punches/${other.body.id}`, { reason: 'not mine' })).status).toBe(404);
    const list = await boss.api.get('/api/punches');
    expect(list.body.data.map((p: { id: string }) => p.id)).toEqual([mine.body.id]);
  });

  it('pages through everything exactly once while others are recorded', async () => {
    const anna = await someone();
    const told = Array.from({ length: 25 }, (_, i) => ({
      employeeId: anna.id,
      type: i % 2 ? 'out' : 'in',
      timestamp: minutesAgo(600 - i * 10),
    }));
    await acme.admin.api.post('/api/punches/batch', { punches: told });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query: Record<string, string | number> = { employeeId: anna.id, limit: 10, ...(cursor ? { cursor } : {}) };
      const page = await acme.admin.api.get('/api/punches', { query });
      seen.push(...page.body.data.map((p: { id: string }) => p.id));
      cursor = page.body.nextCursor;
      await punch(acme.admin.api, await someone(), 'in');
    } while (cursor);
    expect([seen.length, new Set(seen).size]).toEqual([25, 25]);
  });

  it('AUD-27: refuses a cursor of another list', async () => {
    const page = await acme.admin.api.get('/api/punches', { query: { limit: 1 } });
    const cursor = String(page.body.nextCursor);
    const other = await acme.admin.api.get('/api/punches', {
      query: { limit: 1, cursor, employeeId: acme.employee.id },
    });
    expect([other.status, other.body.code]).toEqual([400, 'cursor_invalid']);
  });
});
