import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import { tenantForFile } from '../support/scene';
import { type Route, routesOf } from './route-table';

const { server, tenant: acme } = tenantForFile();
let routes: Route[];

beforeAll(() => {
  routes = routesOf(server);
});

describe('the route table', () => {
  it('TEN-01: answers an id of another tenant like an id that does not exist, to the byte', async () => {
    const globex = await server.world.tenant();
    const punch = await acme.admin.api.post(
      '/api/punches',
      { employeeId: acme.employee.id, type: 'in' },
      { key: aKey() },
    );
    const entry = (await acme.admin.api.get('/api/audit-logs')).body.data[0].id as string;
    const idOf = async (path: string, body: unknown) => (await acme.admin.api.post(path, body)).body as { id: string };
    const holiday = await idOf('/api/attendance/holidays', { date: '2030-01-01', name: 'New Year' });
    const policy = await idOf('/api/attendance/policies', { name: 'Later', effectiveFrom: '2030-01-01', settings: {} });
    const leave = await acme.admin.api.post('/api/attendance/leave', {
      employeeId: acme.employee.id,
      date: '2030-01-02',
      code: 'vacation',
    });
    const period = await idOf('/api/pay-periods', { type: 'monthly', date: '2031-01-01' });
    const adjustment = await idOf('/api/adjustments', {
      employeeId: acme.employee.id,
      date: '2030-01-03',
      minutes: 5,
      reason: 'not yours',
    });
    const schedule = await idOf('/api/schedules', {
      employeeId: acme.employee.id,
      name: 'Plan',
      startDate: '2030-01-07',
    });
    const shift = await idOf(`/api/schedules/${schedule.id}/shifts`, {
      dayOfWeek: 1,
      startTime: '09:00',
      endTime: '17:00',
    });
    const correction = await idOf('/api/corrections', {
      kind: 'removed_punch',
      employeeId: acme.employee.id,
      punchId: punch.body.id as string,
      reason: 'not yours',
    });
    const exception = await idOf('/api/exceptions', {
      employeeId: acme.employee.id,
      date: '2030-01-03',
      description: 'Not yours',
    });
    const device = await idOf('/api/devices', { serialNumber: 'FOREIGN1', name: 'Gate' });
    const pin = await idOf(`/api/devices/${device.id}/pins`, { pin: '1', employeeId: acme.employee.id });
    const rows = [{ employeeNumber: 'nobody', type: 'in', timestamp: '2026-03-02T09:00:00Z' }];
    const { commitToken } = (await acme.admin.api.post('/api/attendance/import/prepare')).body as Record<
      string,
      string
    >;
    const batch = (await acme.admin.api.post('/api/attendance/import/commit', { rows, commitToken })).body
      .batchId as string;
    const profileBody = {
      name: 'Gate',
      kind: 'punches',
      mapping: { fields: { employee: 'Badge', timestamp: 'Booked at' } },
    };
    const profile = await idOf('/api/attendance/import/profiles', profileBody);
    const made = await idOf('/api/attendance/export/jobs', { kind: 'days' });
    const layoutBody = {
      name: 'Payroll',
      columns: [
        { heading: 'No', value: 'employeeId' },
        { heading: 'H', value: 'amount' },
      ],
      payCodes: [{ source: '*', code: '1' }],
    };
    const layout = await idOf('/api/attendance/export/layouts', layoutBody);
    const clerk = await globex.person({ role: 'payroll' });
    const given = await acme.admin.api.post('/api/attendance-admin/users/batch/roles/assign', {
      userIds: [acme.employee.id],
      template: 'approver',
    });
    const role = { name: 'shift-lead', title: 'Shift lead', permissions: ['attendance:read'] };
    const custom = await idOf('/api/attendance-admin/roles', role);
    const key = await idOf('/api/api-keys', { name: 'Gate', permissions: ['attendance:read'], expiresAt: null });
    const foreign: Record<string, string> = {
      '/api/punches/:id': punch.body.id as string,
      '/api/users/:id': acme.employee.id,
      '/api/audit-logs/:id': entry,
      '/api/api-keys/:id': key.id,
      '/api/api-keys/:id/rotate': key.id,
      '/api/attendance/holidays/:id': holiday.id,
      '/api/attendance/leave/:id': leave.body.data[0].id as string,
      '/api/attendance/policies/:id': policy.id,
      '/api/punches/:id/quarantine': punch.body.id as string,
      '/api/pay-periods/:id': period.id,
      '/api/pay-periods/:id/close': period.id,
      '/api/pay-periods/:id/reopen': period.id,
      '/api/pay-periods/:id/totals': period.id,
      '/api/adjustments/:id': adjustment.id,
      '/api/corrections/:id': correction.id,
      '/api/corrections/:id/decide': correction.id,
      '/api/attendance/import/profiles/:id': profile.id,
      '/api/attendance/export/jobs/:id': made.id,
      '/api/attendance/export/layouts/:id': layout.id,
      '/api/attendance/import/rollback/:id': batch,
      '/api/attendance/import/jobs/:id': batch,
      '/api/attendance/import/batches/:id/errors': batch,
      '/api/attendance/import/batches/:id/items': batch,
      '/api/exceptions/:id': exception.id,
      '/api/exceptions/:id/resolve': exception.id,
      '/api/attendance/days/:employeeId/:date': acme.employee.id,
      '/api/attendance/days/:employeeId/:date/approval': acme.employee.id,
      '/api/devices/:id': device.id,
      '/api/devices/:id/pins': device.id,
      '/api/devices/:id/pins/:pinId': device.id,
      '/api/devices/:id/rejects/dismiss': device.id,
      '/api/devices/:id/rejects/retry': device.id,
      '/api/devices/:id/secret': device.id,
      '/api/schedules/:id': schedule.id,
      '/api/schedules/:id/publish': schedule.id,
      '/api/schedules/:id/shifts': schedule.id,
      '/api/schedules/:id/shifts/:shiftId': schedule.id,
      '/api/attendance-admin/roles/:id': custom.id,
      '/api/attendance-admin/role-batches/:id/undo': given.body.batchId as string,
      '/api/attendance-admin/users/:id/roles/assign': acme.employee.id,
      '/api/attendance-admin/users/:id/roles/unassign': acme.employee.id,
    };
    const bodies: Record<string, unknown> = {
      'PATCH /api/punches/:id': { type: 'out', reason: 'not mine' },
      'DELETE /api/punches/:id': { reason: 'not mine' },
      'PATCH /api/users/:id': { name: 'Mallory' },
      'PATCH /api/api-keys/:id': { name: 'Not mine' },
      'PUT /api/punches/:id/quarantine': { status: 'void', reason: 'not mine' },
      'PATCH /api/pay-periods/:id': { name: 'Not mine' },
      'POST /api/devices/:id/rejects/dismiss': { rejectIds: [randomUUID()], reason: 'not mine' },
      'POST /api/pay-periods/:id/close': {},
      'POST /api/pay-periods/:id/reopen': { reason: 'not mine' },
      'DELETE /api/adjustments/:id': { reason: 'not mine' },
      'PUT /api/corrections/:id/decide': { status: 'approved' },
      'PUT /api/exceptions/:id/resolve': { status: 'approved' },
      'DELETE /api/exceptions/:id': { reason: 'not mine' },
      'PUT /api/attendance/days/:employeeId/:date/approval': { status: 'approved' },
      'PATCH /api/devices/:id': { name: 'Not mine' },
      'POST /api/devices/:id/pins': { pin: '2', employeeId: acme.employee.id },
      'PUT /api/attendance/export/layouts/:id': layoutBody,
      'PUT /api/attendance/import/profiles/:id': profileBody,
      'PATCH /api/schedules/:id': { name: 'Not mine' },
      'POST /api/schedules/:id/publish': {},
      'POST /api/schedules/:id/shifts': { dayOfWeek: 1, startTime: '09:00', endTime: '17:00' },
      'PATCH /api/schedules/:id/shifts/:shiftId': { startTime: '10:00' },
      'PATCH /api/attendance/holidays/:id': { name: 'Not mine' },
      'PATCH /api/attendance/policies/:id': { name: 'Not mine' },
      'PATCH /api/attendance-admin/roles/:id': { title: 'Not mine' },
      'POST /api/attendance-admin/users/:id/roles/assign': { template: 'approver' },
      'POST /api/attendance-admin/users/:id/roles/unassign': { template: 'employee' },
    };
    const withId = routes.filter(
      (route) => /:(id|employeeId)\b/.test(route.path) && !route.path.startsWith('/api/tenants'),
    );
    // TEN-10: a route with an id that is not in the table fails here.
    expect(withId.map((route) => route.path).filter((path) => !(path in foreign))).toEqual([]);
    for (const route of withId) {
      // Reopening is a right that administrators do not have.
      const { api } = route.path.endsWith('/reopen') ? clerk : globex.admin;
      const ask = async (id: string) => {
        // What else stands in the path is real: it must not open what the id keeps closed.
        const path = route.path
          .replace(/:(id|employeeId)\b/, id)
          .replace(':shiftId', shift.id)
          .replace(':pinId', pin.id)
          .replace(':date', '2026-03-02');
        const reply = await api.request(route.method, path, bodies[route.name]);
        return [reply.status, reply.text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/, '')];
      };
      const other = await ask(foreign[route.path] ?? '');
      expect([route.name, other]).toEqual([route.name, await ask(randomUUID())]);
      expect([route.name, other[0]]).toEqual([route.name, 404]);
      expect([route.name, (await ask('exc-123'))[0]]).toEqual([route.name, 404]);
    }
  });
});
