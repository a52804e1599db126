import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import type { Person, Tenant } from '../support/world';

const { server, tenant: acme } = tenantForEachTest();
let operator: Person;
let other: Person;
beforeAll(async () => {
  operator = await server.world.operator();
});
beforeEach(async () => {
  other = await acme.person({ role: 'admin' });
});

const settingsPath = '/api/attendance/settings';
const codeOf = ({ status, body }: Reply) => [status, body.code];
const rolesOf = async ({ id }: Person) => {
  const rows = await server.database.sql<{ role: string }>('SELECT role FROM user_roles WHERE user_id = $1', [id]);
  return rows.map(({ role }) => role).sort();
};
const loosen = (fourEyes: Record<string, boolean>) =>
  operator.api.patch(`/api/tenants/${acme.id}`, { fourEyes: { ownPunches: true, ownPayroll: true, ...fourEyes } });

type Door = [string, (by: Person, to: Person) => Promise<Reply>];
const doors: Door[] = [
  [
    'an assignment',
    (by, to) => by.api.post(`/api/attendance-admin/users/${to.id}/roles/assign`, { template: 'payroll' }),
  ],
  [
    'a batch',
    (by, to) =>
      by.api.post('/api/attendance-admin/users/batch/roles/assign', {
        userIds: [acme.employee.id, to.id],
        template: 'payroll',
      }),
  ],
  ['roles of a person', (by, to) => by.api.patch(`/api/users/${to.id}`, { roles: ['admin', 'payroll'] })],
];

describe('an administrator and the right to reopen what was paid', () => {
  it.each(doors)('A17: never give it to themselves by %s; another administrator may', async (_, give) => {
    expect(codeOf(await give(acme.admin, acme.admin))).toEqual([403, 'self_approval']);
    expect([await rolesOf(acme.admin), await rolesOf(acme.employee)]).toEqual([['admin'], ['employee']]);
    expect((await give(other, acme.admin)).status).toBe(200);
    expect(await rolesOf(acme.admin)).toEqual(['admin', 'payroll']);
  });

  it('A17: whoever has it may give it up', async () => {
    await doors[0]?.[1](other, acme.admin);
    const path = `/api/attendance-admin/users/${acme.admin.id}/roles/unassign`;
    expect((await acme.admin.api.post(path, { template: 'payroll' })).status).toBe(200);
    expect(await rolesOf(acme.admin)).toEqual(['admin']);
  });
});

describe('the rules that take a second person', () => {
  it.each(['ownPunches', 'ownPayroll'])('A5, A17: %s is not switched off from inside the tenant', async (rule) => {
    const reply = await acme.admin.api.put(settingsPath, { fourEyes: { [rule]: false } });
    expect([...codeOf(reply), reply.body.errors[0].pointer]).toEqual([403, 'forbidden', `/fourEyes/${rule}`]);
    expect((await acme.admin.api.get(settingsPath)).body.fourEyes).toEqual({ ownPunches: true, ownPayroll: true });
  });

  it('A5, A17: an operator switches them off, with evidence, and an administrator on again', async () => {
    const reply = await loosen({ ownPunches: false, ownPayroll: false });
    expect([reply.status, reply.body.fourEyes]).toEqual([200, { ownPunches: false, ownPayroll: false }]);
    const evidence = await server.database.sql<{ changes: unknown }>(
      'SELECT changes FROM audit_logs WHERE request_id = $1',
      [reply.headers.get('x-request-id')],
    );
    expect(JSON.stringify(evidence)).toContain('ownPunches');
    const own = await acme.admin.api.post('/api/punches', { employeeId: acme.admin.id, type: 'in' });
    const removal = await acme.admin.api.delete(`/api/punches/${own.body.id}`, { reason: 'Wrong key' });
    expect(removal.status).toBe(200);
    expect((await doors[0]?.[1](acme.admin, acme.admin))?.status).toBe(200);

    const kept = await acme.admin.api.put(settingsPath, { fourEyes: { ownPunches: false, ownPayroll: true } });
    expect(kept.status).toBe(200);
    const back = await acme.admin.api.put(settingsPath, { fourEyes: { ownPunches: false, ownPayroll: false } });
    expect([back.status, back.body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      403,
      ['/fourEyes/ownPayroll'],
    ]);
  });

  it('keeps the other settings of the tenant as they are', async () => {
    await acme.admin.api.put(settingsPath, { punchTooSoonSeconds: 7 });
    await loosen({ ownPunches: false });
    expect((await acme.admin.api.get(settingsPath)).body).toMatchObject({
      punchTooSoonSeconds: 7,
      fourEyes: { ownPunches: false, ownPayroll: true },
    });
  });
});

describe('how far back people punch for themselves', () => {
  const settings = (by: Tenant, more: Record<string, unknown>) => by.admin.api.put(settingsPath, more);
  const pointersOf = ({ body }: Reply) => body.errors.map(({ pointer }: { pointer: string }) => pointer);
  const old = () => ({
    employeeId: acme.admin.id,
    type: 'in',
    timestamp: new Date(Date.now() - 70 * 24 * 3_600_000).toISOString(),
  });

  it.each([
    ['any age', { api: null }, ['/lookBackHours/api']],
    ['an hour more', { web: 25, kiosk: 12 }, ['/lookBackHours/web']],
    ['the most there is', { mobile: 87_660, kiosk: null }, ['/lookBackHours/kiosk', '/lookBackHours/mobile']],
  ])('K6: is not moved by whom it binds: %s', async (_, lookBackHours, pointers) => {
    const reply = await settings(acme, { lookBackHours });
    expect([...codeOf(reply), pointersOf(reply)]).toEqual([403, 'forbidden', pointers]);
    expect((await acme.admin.api.post('/api/punches', old())).body.status).toBe('quarantined');
  });

  it('K6: administrators tighten, and what was tightened stays, also where it is left out', async () => {
    const tight = { lookBackHours: { api: 12, terminal: 48 }, beyondLookBack: 'refuse' };
    expect((await settings(acme, tight)).status).toBe(200);
    expect((await settings(acme, { ...tight, punchTooSoonSeconds: 9 })).status).toBe(200);
    const reply = await settings(acme, {});
    expect([reply.status, pointersOf(reply)]).toEqual([
      403,
      ['/lookBackHours/api', '/lookBackHours/terminal', '/beyondLookBack'],
    ]);
    expect(codeOf(await acme.admin.api.post('/api/punches', old()))).toEqual([422, 'punch_too_old']);
  });

  it('K6: an operator moves it, with evidence; what the operator does not name stays', async () => {
    await settings(acme, { beyondLookBack: 'refuse', punchTooSoonSeconds: 7 });
    const path = `/api/tenants/${acme.id}`;
    const reply = await operator.api.patch(path, { lookBackHours: { api: null } });
    expect(reply.body).toMatchObject({ lookBackHours: { api: null, web: 24 }, beyondLookBack: 'refuse' });
    expect((await acme.admin.api.post('/api/punches', old())).body.status).toBe('active');
    const evidence = await server.database.sql<{ changes: unknown }>(
      'SELECT changes FROM audit_logs WHERE request_id = $1',
      [reply.headers.get('x-request-id')],
    );
    expect(JSON.stringify(evidence)).toContain('lookBackHours');
    expect((await operator.api.patch(path, { beyondLookBack: 'hold' })).body.beyondLookBack).toBe('hold');
    expect((await acme.admin.api.get(settingsPath)).body).toMatchObject({
      lookBackHours: { api: null },
      beyondLookBack: 'hold',
      punchTooSoonSeconds: 7,
    });
  });
});
