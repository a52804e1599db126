import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import type { TestServer } from '../support/server';
import type { Person } from '../support/world';
import { codeOf, Corrections, pointersOf } from './scene';

let server: TestServer;
let scene: Corrections;
let employee: Person;
beforeAll(async () => {
  server = await Corrections.start();
});
beforeEach(async () => {
  scene = await Corrections.in(server);
  ({ employee } = scene.tenant);
});
afterAll(() => server.close());

const missing = { kind: 'missing_punch', type: 'out', timestamp: '2026-03-02T17:30:00+01:00' };
const requests = () => server.database.count('correction_requests', 'tenant_id = $1', [scene.tenant.id]);

describe('asking for a correction', () => {
  it('tells what is and what should be, changes nothing yet, and leaves evidence', async () => {
    const [arrived] = await scene.worked();
    const reply = await scene.ask({ kind: 'changed_time', punchId: arrived, timestamp: '2026-03-02T08:59:00+01:00' });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.any(String) as string,
      employeeId: employee.id,
      kind: 'changed_time',
      punchId: arrived,
      punchVersion: 1,
      before: { type: 'in', occurredAt: '2026-03-02T08:20:00.000Z' },
      after: { type: 'in', occurredAt: '2026-03-02T07:59:00.000Z' },
      reason: 'I queued at the gate',
      status: 'pending',
      requestedBy: employee.id,
      version: 1,
      createdAt: expect.any(String) as string,
    });
    expect(await scene.punch(arrived)).toMatchObject({ status: 'active', version: 1 });
    const { id } = reply.body as { id: string };
    expect(reply.headers.get('location')).toBe(`/api/corrections/${id}`);
    const read = await scene.get(id, employee);
    expect([read.body, read.headers.get('etag')]).toEqual([reply.body, '"1"']);
    expect(await scene.entries(reply)).toEqual([
      {
        entity: 'correction',
        action: 'create',
        entity_id: id,
        employee_id: employee.id,
        punch_id: arrived,
        user_id: employee.id,
        changes: {
          before: null,
          after: {
            kind: 'changed_time',
            punchId: arrived,
            from: reply.body.before as unknown,
            to: reply.body.after as unknown,
            reason: 'I queued at the gate',
            status: 'pending',
          },
        },
      },
    ]);
  });

  it('has nothing before where a punch is missing, and nothing after where one is to go', async () => {
    const [, left] = await scene.worked();
    const added = await scene.ask(missing);
    expect(added.body.after).toEqual({ type: 'out', occurredAt: '2026-03-02T16:30:00.000Z' });
    expect(added.body).not.toHaveProperty('before');
    const removed = await scene.ask({ kind: 'removed_punch', punchId: left });
    expect(removed.body.before).toEqual({ type: 'out', occurredAt: '2026-03-02T16:00:00.000Z' });
    expect(removed.body).not.toHaveProperty('after');
    const turned = await scene.ask({ kind: 'changed_time', punchId: left, type: 'break_start' });
    expect(turned.body.after).toEqual({ type: 'break_start', occurredAt: '2026-03-02T16:00:00.000Z' });
  });

  it('is asked once, however often it is sent', async () => {
    const key = aKey();
    const [first, again] = [await scene.ask(missing, employee, key), await scene.ask(missing, employee, key)];
    expect([first.status, again.text]).toEqual([201, first.text]);
    expect(await requests()).toBe(1);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a missing punch without type and time', { kind: 'missing_punch' }, ['/type', '/timestamp']],
    ['a missing punch that is there', { ...missing, punchId: randomUUID() }, ['/punchId']],
    ['a change of nothing', { kind: 'changed_time', punchId: randomUUID() }, ['/timestamp']],
    ['a change of no punch', { kind: 'changed_time', type: 'in' }, ['/punchId']],
    ['a removal of no punch', { kind: 'removed_punch' }, ['/punchId']],
    [
      'a removal to another time',
      { ...missing, kind: 'removed_punch', punchId: randomUUID() },
      ['/type', '/timestamp'],
    ],
    ['another kind', { kind: 'swap' }, ['/kind']],
    ['an unknown direction', { ...missing, type: 'unknown' }, ['/type']],
    ['a time without an offset', { ...missing, timestamp: '2026-03-02T17:30:00' }, ['/timestamp']],
    ['the year 0', { ...missing, timestamp: '0000-01-01T00:00:00Z' }, ['/timestamp']],
    ['no reason', { ...missing, reason: ' ' }, ['/reason']],
    ['a field that means nothing', { ...missing, approved: true }, ['/approved']],
  ])('refuses %s', async (_what, body, pointers) => {
    const reply = await scene.ask(body);
    expect([...codeOf(reply), pointersOf(reply)]).toEqual([400, 'validation_failed', pointers]);
    expect(await requests()).toBe(0);
  });

  it('answers a punch of somebody else in the words for an unknown one', async () => {
    const [theirs] = await scene.worked('2026-03-02', scene.tenant.admin);
    const told = async (punchId: string) => {
      const reply = await scene.ask({ kind: 'removed_punch', punchId });
      const { detail, errors } = reply.body as Record<string, unknown>;
      return [...codeOf(reply), pointersOf(reply), detail, errors];
    };
    expect(await told(theirs)).toEqual(await told(randomUUID()));
    expect((await told(theirs)).slice(0, 3)).toEqual([422, 'punch_unknown', ['/punchId']]);
  });

  it('refuses a punch that no longer counts, and one that says so already', async () => {
    const [arrived, left] = await scene.worked();
    await scene.tenant.admin.api.delete(`/api/punches/${left}`, { reason: 'Wrong person' });
    const gone = await scene.ask({ kind: 'removed_punch', punchId: left });
    expect([...codeOf(gone), gone.body.currentStatus, pointersOf(gone)]).toEqual([
      409,
      'punch_not_active',
      'deleted',
      ['/punchId'],
    ]);
    const same = { kind: 'changed_time', punchId: arrived, timestamp: '2026-03-02T09:20:00+01:00' };
    expect(codeOf(await scene.ask(same))).toEqual([400, 'validation_failed']);
    const there = { kind: 'missing_punch', type: 'in', timestamp: '2026-03-02T08:20:00Z' };
    expect(codeOf(await scene.ask(there))).toEqual([409, 'conflict']);
  });

  it('refuses a time to come, 5 minutes apart', async () => {
    const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const late = await scene.ask({ ...missing, timestamp: inMinutes(6) });
    expect([...codeOf(late), pointersOf(late)]).toEqual([422, 'punch_in_future', ['/timestamp']]);
    expect((await scene.ask({ ...missing, timestamp: inMinutes(4) })).status).toBe(201);
  });

  it('refuses a time out of employment, by the local date', async () => {
    await server.database.sql(`UPDATE users SET hired_on = '2026-03-02', left_on = '2026-03-31' WHERE id = $1`, [
      employee.id,
    ]);
    const at = async (timestamp: string) => codeOf(await scene.ask({ ...missing, timestamp }));
    expect(await at('2026-03-01T22:59:00Z')).toEqual([422, 'outside_employment']);
    expect(await at('2026-03-01T23:01:00Z')).toEqual([201, undefined]);
    expect(await at('2026-03-31T22:01:00Z')).toEqual([422, 'outside_employment']);
  });

  it('refuses what lies in a closed pay period by the local date: the punch, or where it is to go', async () => {
    const [arrived] = await scene.worked('2026-03-02');
    const [later] = await scene.worked('2026-04-02');
    await scene.days.compute();
    await scene.closeMarch();
    const told = async (body: Record<string, unknown>) => {
      const reply = await scene.ask(body);
      return [...codeOf(reply), pointersOf(reply)];
    };
    const closed = (pointer: string) => [409, 'period_closed', [pointer]];
    expect(await told({ kind: 'removed_punch', punchId: arrived })).toEqual(closed('/punchId'));
    const out = { kind: 'changed_time', punchId: arrived, timestamp: '2026-04-01T09:00:00+02:00' };
    expect(await told(out)).toEqual(closed('/punchId'));
    // 23:30 in Berlin on the last of March; in UTC too, and half an hour later only in Berlin it is April.
    const into = (timestamp: string) => ({ kind: 'changed_time', punchId: later, timestamp });
    expect(await told(into('2026-03-31T21:30:00Z'))).toEqual(closed('/timestamp'));
    expect(await told({ ...missing, timestamp: '2026-03-31T21:30:00Z' })).toEqual(closed('/timestamp'));
    expect(await told(into('2026-03-31T22:30:00Z'))).toEqual([201, undefined, []]);
  });
});

describe('whose punches may be corrected', () => {
  it('employees ask for themselves alone, approvers for their org unit, administrators for all', async () => {
    const [unit, elsewhere] = [randomUUID(), randomUUID()];
    const approver = await scene.tenant.person({ role: 'approver', orgUnitId: unit });
    const colleague = await scene.tenant.person({ orgUnitId: unit });
    const stranger = await scene.tenant.person({ orgUnitId: elsewhere });
    const told = async (by: Person, who: string) => {
      const reply = await scene.ask({ ...missing, employeeId: who }, by);
      return [...codeOf(reply), pointersOf(reply)];
    };
    const unknown = [422, 'employee_unknown', ['/employeeId']];
    const made = [201, undefined, []];
    expect(await told(colleague, colleague.id)).toEqual(made);
    expect(await told(colleague, stranger.id)).toEqual(unknown);
    expect(await told(approver, colleague.id)).toEqual(made);
    expect(await told(approver, stranger.id)).toEqual(unknown);
    expect(await told(approver, randomUUID())).toEqual(unknown);
    expect(await told(scene.tenant.admin, stranger.id)).toEqual(made);
  });

  it('another tenant sees none of them', async () => {
    const id = await scene.asked(missing);
    const globex = await server.world.tenant();
    expect(codeOf(await scene.get(id, globex.admin))).toEqual([404, 'not_found']);
    expect(codeOf(await scene.decide(id, 'approved', globex.admin))).toEqual([404, 'not_found']);
    expect(codeOf(await scene.cancel(id, globex.admin))).toEqual([404, 'not_found']);
    expect(await scene.list(globex.admin, { status: 'all' })).toEqual([]);
  });
});

describe('the list of corrections', () => {
  it('shows the pending ones, newest first, of the people in scope', async () => {
    const unit = randomUUID();
    const approver = await scene.tenant.person({ role: 'approver', orgUnitId: unit });
    const colleague = await scene.tenant.person({ orgUnitId: unit });
    const own = await scene.asked(missing);
    const theirs = await scene.asked(missing, colleague);
    const rejected = await scene.asked({ ...missing, type: 'in' }, colleague);
    await scene.decide(rejected, 'rejected');
    const { admin } = scene.tenant;
    expect(await scene.list(admin)).toEqual([theirs, own]);
    expect(await scene.list(admin, { status: 'all' })).toEqual([rejected, theirs, own]);
    expect(await scene.list(admin, { status: 'rejected' })).toEqual([rejected]);
    expect(await scene.list(admin, { employeeId: employee.id })).toEqual([own]);
    expect(await scene.list(approver, { status: 'all' })).toEqual([rejected, theirs]);
    expect(await scene.list(approver, { employeeId: employee.id })).toEqual([]);
    expect(await scene.list(employee, { status: 'all' })).toEqual([own]);
    expect(await scene.list(employee, { employeeId: colleague.id })).toEqual([]);
    expect(codeOf(await scene.get(own, approver))).toEqual([404, 'not_found']);
    expect(codeOf(await scene.get(theirs, employee))).toEqual([404, 'not_found']);
  });

  it('pages on by a cursor that neither repeats nor misses one', async () => {
    const made: string[] = [];
    for (let hour = 10; hour < 15; hour += 1) {
      made.unshift(await scene.asked({ ...missing, timestamp: `2026-03-02T${hour}:00:00Z` }));
    }
    const found: string[] = [];
    let query: Record<string, string | number> = { limit: 2 };
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await employee.api.get('/api/corrections', { query });
      found.push(...(body.data as { id: string }[]).map(({ id }) => id));
      expect(body.nextCursor !== undefined).toBe(pages < 2);
      query = { limit: 2, cursor: String(body.nextCursor) };
    }
    expect(found).toEqual(made);
  });
});
