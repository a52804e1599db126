import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';

const { server, tenant: acme } = tenantForEachTest();
let operator: Person;
beforeAll(async () => {
  operator = await server.world.operator();
});

const HOUR = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const punch = (by: Person, more: Record<string, unknown> = {}, of: Person = by): Promise<Reply> =>
  by.api.post('/api/punches', { employeeId: of.id, type: 'in', ...more });
const outcome = ({ status, body }: Reply) => [status, body.status, body.flags];
const codeOf = ({ status, body }: Reply) => [status, body.code];
const held = [201, 'quarantined', ['reported_late']];
const decide = (id: string, status: string, by: Person = acme.approver) =>
  by.api.put(`/api/punches/${id}/quarantine`, { status, reason: 'The gate was open all day' });
/** By the operator, who alone loosens them. */
const settings = async (more: Record<string, unknown>) => {
  const reply = await operator.api.patch(`/api/tenants/${acme.id}`, more);
  expect(reply.status).toBe(200);
};
const marksOf = (who: Person) => server.database.count('dirty_days', 'employee_id = $1', [who.id]);

describe('how far back people punch for themselves', () => {
  it.each([
    ['83 days', 83 * 24],
    ['400 days', 400 * 24],
    ['1970', (Date.now() - Date.parse('1970-01-01T00:00:00Z')) / HOUR],
  ])('A5: %s back is held, flagged, and does not count', async (_, hours) => {
    const reply = await punch(acme.employee, { timestamp: hoursAgo(hours) });
    expect(outcome(reply)).toEqual(held);
    expect(await marksOf(acme.employee)).toBe(0);
    const waiting = await acme.approver.api.get('/api/punches', { query: { status: 'quarantined' } });
    expect(waiting.body.data.map(({ id }: { id: string }) => id)).toEqual([reply.body.id]);
  });

  it.each(['api', 'kiosk', 'mobile', 'web'])(
    'A5: the default of the source %s is 24 hours, whoever it is',
    async (source) => {
      for (const person of [acme.employee, acme.approver, acme.admin]) {
        expect(outcome(await punch(person, { source, timestamp: hoursAgo(23.9) }))).toEqual([201, 'active', []]);
        expect(outcome(await punch(person, { source, timestamp: hoursAgo(24.2) }))).toEqual(held);
      }
    },
  );

  it.each(['approver', 'admin'] as const)(
    'A5: an id in capital letters is no way around it for the %s',
    async (role) => {
      const employeeId = acme[role].id.toUpperCase();
      const timestamp = hoursAgo(48);
      const reply = await punch(acme[role], { employeeId, timestamp });
      expect([...outcome(reply), reply.body.employeeId]).toEqual([...held, acme[role].id]);
      expect((await punch(acme[role], { employeeId, source: 'terminal' })).status).toBe(403);
      const punches = [employeeId, acme[role].id].map((id) => ({ employeeId: id, type: 'out', timestamp }));
      const batch = await acme[role].api.post('/api/punches/batch', { punches });
      expect(batch.body.counts).toEqual({ created: 1, duplicate: 1, refused: 0 });
      expect(batch.body.results[0]).toMatchObject({ quarantined: true, flags: ['reported_late'] });
    },
  );

  it('an employee may write their own id in capital letters, and find their punches by it', async () => {
    const employeeId = acme.employee.id.toUpperCase();
    expect((await punch(acme.employee, { employeeId })).status).toBe(201);
    const { body } = await acme.employee.api.get('/api/punches', { query: { employeeId } });
    expect(body.data).toHaveLength(1);
  });

  it('A5: a batch of one is no way around it, nor is a terminal of oneself', async () => {
    const punches = [{ employeeId: acme.employee.id, type: 'in', timestamp: hoursAgo(48) }];
    const reply = await acme.employee.api.post('/api/punches/batch', { punches });
    expect(reply.body.results).toEqual([
      expect.objectContaining({ status: 'created', flags: ['reported_late'], quarantined: true }),
    ]);
    expect((await punch(acme.approver, { source: 'terminal', timestamp: hoursAgo(48) })).status).toBe(403);
  });

  it('A5: a whole forgotten day is held as it is told: what waits has no order yet', async () => {
    await punch(acme.employee, { type: 'in', timestamp: hoursAgo(100) }, acme.employee);
    const out = await punch(acme.employee, { type: 'out', timestamp: hoursAgo(92) });
    expect(outcome(out)).toEqual(held);
    expect(outcome(await punch(acme.employee))).toEqual([201, 'active', []]);
  });

  it('A5: told again, it is the punch that waits, or that was found void', async () => {
    const timestamp = hoursAgo(72);
    const first = await punch(acme.employee, { timestamp });
    const again = await punch(acme.employee, { timestamp });
    expect([again.status, again.body.id, again.body.duplicate]).toEqual([200, first.body.id, true]);
    await decide(first.body.id as string, 'void');
    const third = await punch(acme.employee, { timestamp });
    expect([third.status, third.body.id, third.body.status]).toEqual([200, first.body.id, 'void']);
    const batch = await acme.employee.api.post('/api/punches/batch', {
      punches: [1, 2].map(() => ({ employeeId: acme.employee.id, type: 'out', timestamp })),
    });
    expect(batch.body.counts).toEqual({ created: 1, duplicate: 1, refused: 0 });
  });

  it('A5: what somebody else tells takes two people already', async () => {
    expect(outcome(await punch(acme.approver, { timestamp: hoursAgo(2000) }, acme.employee))).toEqual([
      201,
      'active',
      [],
    ]);
  });

  it('A5: a terminal or an offline device may be of any age, and its late punches are flagged', async () => {
    const late = (source: string) => punch(acme.admin, { source, timestamp: hoursAgo(2000) }, acme.employee);
    expect(outcome(await late('terminal'))).toEqual([201, 'active', ['reported_late']]);
    const batch = await acme.admin.api.post('/api/punches/batch', {
      punches: [{ employeeId: acme.employee.id, type: 'out', timestamp: hoursAgo(1990) }],
    });
    expect(batch.body.results[0]).toMatchObject({ status: 'created', flags: ['reported_late'] });
    expect(batch.body.results[0].quarantined).toBeUndefined();
  });
});

describe('the decision about a held punch', () => {
  it('A5: accepted by somebody else, it counts like any other; decided, nobody decides again', async () => {
    const reply = await punch(acme.employee, { timestamp: hoursAgo(48) });
    const decision = await decide(reply.body.id as string, 'accepted');
    expect([decision.status, decision.body.status]).toEqual([200, 'active']);
    expect(await marksOf(acme.employee)).toBe(1);
    const { body } = await acme.employee.api.get('/api/punches');
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([reply.body.id]);
    expect(codeOf(await decide(reply.body.id as string, 'void'))).toEqual([409, 'already_decided']);
  });

  it('A5: void, it never counts', async () => {
    const reply = await punch(acme.employee, { timestamp: hoursAgo(48) });
    expect((await decide(reply.body.id as string, 'void')).body.status).toBe('void');
    expect(await marksOf(acme.employee)).toBe(0);
  });

  it.each(['approver', 'admin'] as const)('A5: the %s does not decide about their own', async (role) => {
    const reply = await punch(acme[role], { timestamp: hoursAgo(48) });
    expect(codeOf(await decide(reply.body.id as string, 'accepted', acme[role]))).toEqual([403, 'self_approval']);
    expect(codeOf(await decide(reply.body.id as string, 'accepted', acme.employee))).toEqual([403, 'forbidden']);
  });

  it('A5: the same punch told meanwhile by an approver stands, and the held one cannot be accepted beside it', async () => {
    const timestamp = hoursAgo(48);
    const reply = await punch(acme.employee, { timestamp });
    expect((await punch(acme.approver, { timestamp }, acme.employee)).status).toBe(201);
    expect(codeOf(await decide(reply.body.id as string, 'accepted'))).toEqual([409, 'conflict']);
    expect((await decide(reply.body.id as string, 'void')).status).toBe(200);
  });
});

describe('the limits are settings of the tenant', () => {
  it('LOCK-11: twelve hours back, refused beyond: eleven are taken, thirteen are not', async () => {
    await settings({ lookBackHours: { api: 12, mobile: 200 }, beyondLookBack: 'refuse' });
    expect(outcome(await punch(acme.employee, { timestamp: hoursAgo(11) }))).toEqual([201, 'active', []]);
    const old = await punch(acme.employee, { timestamp: hoursAgo(13) });
    expect([...codeOf(old), old.body.errors[0].pointer]).toEqual([422, 'punch_too_old', '/timestamp']);
    expect((await punch(acme.employee, { timestamp: hoursAgo(13), source: 'mobile' })).status).toBe(201);
    expect(codeOf(await punch(acme.employee, { timestamp: hoursAgo(25), source: 'web' }))).toEqual([
      422,
      'punch_too_old',
    ]);
    expect(codeOf(await punch(acme.employee, { timestamp: hoursAgo(-1) }))).toEqual([422, 'punch_in_future']);
  });

  it('A5: any age, or a limit for terminals as well, where the tenant says so', async () => {
    await settings({ lookBackHours: { web: null, terminal: 48 } });
    expect(outcome(await punch(acme.employee, { source: 'web', timestamp: hoursAgo(5000) }))).toEqual([
      201,
      'active',
      ['reported_late'],
    ]);
    const fromTerminal = { source: 'terminal', timestamp: hoursAgo(49) };
    expect(outcome(await punch(acme.admin, fromTerminal, acme.employee))).toEqual(held);
  });

  it.each([{ api: -1 }, { api: 1.5 }, { api: '12' }, { door: 3 }, { api: 1e6 }])(
    'refuses %j',
    async (lookBackHours) => {
      const reply = await acme.admin.api.put('/api/attendance/settings', { lookBackHours });
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([
        400,
        expect.stringMatching(/^\/lookBackHours(\/api)?/),
      ]);
    },
  );
});

describe('nobody changes punches of their own', () => {
  it.each(['approver', 'admin'] as const)('A5: the %s neither corrects nor deletes their own punch', async (role) => {
    const own = await punch(acme[role], { timestamp: hoursAgo(2) });
    const path = `/api/punches/${own.body.id as string}`;
    const reason = 'I was earlier';
    const replies = [
      await acme[role].api.patch(path, { timestamp: hoursAgo(3), reason }),
      await acme[role].api.patch(path, { type: 'out', reason }),
      await acme[role].api.delete(path, { reason }),
    ];
    expect(replies.map(codeOf)).toEqual(replies.map(() => [403, 'self_approval']));
    const other = role === 'admin' ? acme.approver : acme.admin;
    expect((await other.api.patch(path, { timestamp: hoursAgo(3), reason })).status).toBe(200);
  });
});
