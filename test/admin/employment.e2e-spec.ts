import { tenantForFile } from '../support/scene';

const { server, tenant } = tenantForFile();

const dayFrom = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const hire = (fields: Record<string, unknown> = {}) =>
  tenant.admin.api.post('/api/users', { name: 'New Comer', role: 'employee', ...fields });
const change = (id: string, fields: Record<string, unknown>) => tenant.admin.api.patch(`/api/users/${id}`, fields);
async function marked(id: string): Promise<string[]> {
  const rows = await server.database.sql<{ day: string }>(
    'DELETE FROM dirty_days WHERE employee_id = $1 RETURNING day::text AS day',
    [id],
  );
  return rows.map(({ day }) => day).sort();
}
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => dayFrom(from + n));

describe('the dates of employment', () => {
  it('are given, read, changed and emptied like any other field, with evidence', async () => {
    const made = await hire({ hireDate: '2026-01-01', leaveDate: '2027-12-31' });
    expect([made.status, made.body.hireDate, made.body.leaveDate]).toEqual([201, '2026-01-01', '2027-12-31']);
    const read = await tenant.admin.api.get(`/api/users/${made.body.id}`);
    expect(read.body).toEqual(made.body);
    const changed = await change(made.body.id, { hireDate: '2026-02-01', leaveDate: null });
    expect([changed.body.hireDate, changed.body.leaveDate, changed.body.version]).toEqual(['2026-02-01', undefined, 2]);
    const [entry] = await server.database.sql('SELECT changes FROM audit_logs WHERE request_id = $1', [
      changed.headers.get('x-request-id'),
    ]);
    expect(entry?.['changes']).toEqual({
      before: { hireDate: '2026-01-01', leaveDate: '2027-12-31' },
      after: { hireDate: '2026-02-01' },
    });
    const list = await tenant.admin.api.get('/api/users', { query: { limit: 200 } });
    expect(list.body.data.find((user: { id: string }) => user.id === made.body.id).hireDate).toBe('2026-02-01');
  });

  it('are refused where employment would end before it begins, with a pointer at the field that was sent', async () => {
    const refused = await hire({ hireDate: '2026-02-01', leaveDate: '2026-01-31' });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/leaveDate']);
    expect((await hire({ hireDate: '2026-02-01', leaveDate: '2026-02-01' })).status).toBe(201);
    const { body } = await hire({ hireDate: '2026-02-01', leaveDate: '2026-06-30' });
    for (const [fields, pointer] of [
      [{ leaveDate: '2026-01-31' }, '/leaveDate'],
      [{ hireDate: '2026-07-01' }, '/hireDate'],
      [{ hireDate: '2026-07-01', leaveDate: '2026-06-30' }, '/leaveDate'],
      [{ hireDate: '2026-02-30' }, '/hireDate'],
    ] as const) {
      const reply = await change(body.id, fields);
      expect([reply.status, reply.body.code, reply.body.errors[0].pointer]).toEqual([
        400,
        'validation_failed',
        pointer,
      ]);
    }
  });

  it('have the days between the old and the new one computed again, up to 62 days back', async () => {
    const { body } = await hire();
    await change(body.id, { hireDate: dayFrom(-10) });
    expect(await marked(body.id)).toEqual(span(-62, -10));
    await change(body.id, { hireDate: dayFrom(-7) });
    expect(await marked(body.id)).toEqual(span(-10, -7));
    await change(body.id, { leaveDate: dayFrom(-2) });
    expect(await marked(body.id)).toEqual(span(-2, 1));
    await change(body.id, { leaveDate: dayFrom(300) });
    expect(await marked(body.id)).toEqual(span(-2, 1));
    await change(body.id, { leaveDate: dayFrom(200) });
    expect(await marked(body.id)).toEqual([]);
    await change(body.id, { timeZone: 'Europe/Lisbon', name: 'Newer Comer', leaveDate: dayFrom(200) });
    expect(await marked(body.id)).toEqual([]);
  });
});
