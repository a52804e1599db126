import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import { clock, minutesAgo, punch } from './scene';

const { server, acme, someone } = clock();

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
