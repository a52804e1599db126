import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';

const { server, tenant: acme } = tenantForEachTest();
let other: Person;
const base = '/api/attendance/import';

beforeEach(async () => {
  other = await acme.person({ role: 'admin' });
  await server.database.sql(`UPDATE tenants SET time_zone = 'UTC' WHERE id = $1`, [acme.id]);
  const numbers = { '0001': acme.employee, '0002': acme.admin };
  for (const [number, { id }] of Object.entries(numbers))
    await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [id, number]);
});

type Body = Record<string, unknown>;
/** Previews and commits; what was previewed is what is done. */
async function imported(body: Body, by: Person = acme.admin): Promise<Reply> {
  const looked = await by.api.post(`${base}/preview`, body);
  expect(looked.status).toBe(200);
  const done = await by.api.post(`${base}/commit`, { ...body, commitToken: looked.body.commitToken as string });
  expect([done.status, done.body.status, done.body.counts]).toEqual([200, 'completed', looked.body.counts]);
  return done;
}
const none = { create: 0, update: 0, skip: 0, conflict: 0, reject: 0, quarantine: 0 };
const punches = (...rows: string[]) => ({
  csvText: ['employeeNumber,type,timestamp', ...rows, ''].join('\n'),
  kind: 'punches',
});
const days = (...rows: string[]) => ({
  csvText: ['employeeNumber,date,in,out', ...rows, ''].join('\n'),
  kind: 'days',
  timeZone: 'UTC',
  mapping: { fields: { employee: 'employeeNumber', date: 'date', in: 'in', out: 'out' } },
});
const statusesOf = async ({ id }: Person) => {
  const rows = await server.database.sql<{ status: string }>(
    'SELECT status FROM punches WHERE employee_id = $1 ORDER BY occurred_at, seq',
    [id],
  );
  return rows.map(({ status }) => status);
};

describe('a file that tells of whoever imports it', () => {
  it.each([
    ['punches', punches('0001,in,2026-03-02T08:00:00Z', '0002,in,2026-03-02T08:00:00Z'), 1],
    ['days', days('0001,2026-03-02,08:00,16:00', '0002,2026-03-02,08:00,16:00'), 2],
  ])('A5: as %s, their rows wait for somebody else, and told again they are the same', async (_, file, each) => {
    const first = await imported(file);
    expect(first.body.counts).toEqual({ ...none, create: 2 * each, quarantine: each });
    expect((await statusesOf(acme.admin)).every((status) => status === 'quarantined')).toBe(true);
    expect((await statusesOf(acme.employee)).every((status) => status === 'active')).toBe(true);
    expect(await server.database.count('dirty_days', 'employee_id = $1', [acme.admin.id])).toBe(0);
    expect((await imported(file)).body.counts).toMatchObject({ create: 0 });

    const [waiting] = (await other.api.get('/api/punches', { query: { status: 'quarantined' } })).body.data as {
      id: string;
    }[];
    const decision = { status: 'accepted', reason: 'The file is the old system' };
    const path = `/api/punches/${waiting?.id ?? ''}/quarantine`;
    expect((await acme.admin.api.put(path, decision)).body.code).toBe('self_approval');
    expect((await other.api.put(path, decision)).body.status).toBe('active');
  });

  it('A5: no override replaces what stands of them; another administrator imports the row', async () => {
    await imported(days('0002,2026-03-02,08:00,16:00'), other);
    expect(await statusesOf(acme.admin)).toEqual(['active', 'active']);
    const longer = { ...days('0002,2026-03-02,07:00,18:00'), mode: 'override' };
    const refused = await imported(longer);
    expect(refused.body.counts).toEqual({ ...none, reject: 1 });
    const { body } = await acme.admin.api.post(`${base}/preview`, longer);
    expect(body.errors).toMatchObject([{ line: 2, column: 'date', value: '2026-03-02', code: 'self_approval' }]);
    expect((await imported(longer, other)).body.counts).toEqual({ ...none, update: 1 });
  });

  it('A5: nor does an override give a direction to a punch of theirs that has none', async () => {
    const at = '2026-03-02T08:00:00Z';
    await server.database.sql(
      `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
       VALUES ($1, gen_random_uuid(), $2, 'unknown', $3, now(), 0, 'terminal', '{}', $2)`,
      [acme.id, acme.admin.id, at],
    );
    const refused = await imported({ ...punches(`0002,in,${at}`), mode: 'override' });
    expect(refused.body.counts).toEqual({ ...none, reject: 1 });
    expect(await statusesOf(acme.admin)).toEqual(['active']);
  });

  it('A5: a batch with punches of theirs that count is rolled back by another administrator', async () => {
    const done = await imported(days('0001,2026-03-02,08:00,16:00', '0002,2026-03-02,08:00,16:00'), other);
    const path = `${base}/rollback/${done.body.batchId as string}`;
    const refused = await acme.admin.api.post(path);
    expect([refused.status, refused.body.code]).toEqual([403, 'self_approval']);
    expect((await other.api.post(path)).status).toBe(200);
    expect(await statusesOf(acme.admin)).toEqual(['void', 'void']);
  });

  it('A5: one whose own rows only wait is rolled back by whoever imported it', async () => {
    const done = await imported(days('0002,2026-03-02,08:00,16:00'));
    expect((await acme.admin.api.post(`${base}/rollback/${done.body.batchId as string}`)).status).toBe(200);
  });
});
