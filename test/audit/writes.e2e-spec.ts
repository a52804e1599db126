import { randomUUID } from 'node:crypto';
import { RequestTrail } from '../../src/audit/request-trail';
import type { Client, Reply } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';
import { YEAR } from '../terminals/dates';
import { aSerial, line, registered, Terminal } from '../terminals/terminal';

let server: TestServer;
let acme: Tenant;
let clerk: Person;
const secret = 'correct horse battery staple';

beforeAll(async () => {
  server = await startServer();
  acme = await server.world.tenant('acme', { allowedNetworks: ['127.0.0.0/8'] });
  clerk = await acme.person({ role: 'payroll' });
});
afterAll(() => server.close());

interface Entry extends Record<string, unknown> {
  user_id: string;
  tenant_id: string;
  changes: { before: Record<string, unknown> | null; after: Record<string, unknown> | null };
}

const entriesOf = ({ headers }: Reply) =>
  server.database.sql<Entry>('SELECT * FROM audit_logs WHERE request_id = $1 ORDER BY id', [
    headers.get('x-request-id'),
  ]);
const read = (reply: Reply) => reply.body as Record<string, string>;

let hour = 0;
async function aPunch(): Promise<string> {
  const timestamp = new Date(Date.now() - 100 * 3_600_000 + ++hour * 3_600_000).toISOString();
  const punch = { employeeId: acme.employee.id, type: 'in', timestamp, source: 'terminal' };
  return read(await acme.admin.api.post('/api/punches', punch))['id'] ?? '';
}
const aUser = async (role = 'employee') =>
  read(
    await acme.admin.api.post('/api/users', {
      email: `${randomUUID()}@acme.test`,
      name: 'Nora New',
      role,
      password: secret,
    }),
  );
let day = 0;
const aDate = () => new Date(Date.UTC(2031, 0, ++day)).toISOString().slice(0, 10);
const aHoliday = async () =>
  read(await acme.admin.api.post('/api/attendance/holidays', { date: aDate(), name: 'Holiday' }))['id'] ?? '';
const someLeave = () =>
  acme.admin.api.post('/api/attendance/leave', { employeeId: acme.employee.id, date: aDate(), code: 'vacation' });
const aPolicy = () =>
  acme.admin.api.post('/api/attendance/policies', { name: 'Later', effectiveFrom: aDate(), settings: {} });
async function aSession() {
  const { email } = await aUser();
  return read(await server.stranger.post('/api/auth/login', { email, password: secret, tenant: 'acme' }));
}
const aSchedule = async () =>
  read(
    await acme.admin.api.post('/api/schedules', {
      employeeId: (await aUser())['id'],
      name: 'Week',
      startDate: '2030-01-07',
    }),
  )['id'] ?? '';
async function aShift(): Promise<string> {
  const shifts = `/api/schedules/${await aSchedule()}/shifts`;
  const body = { dayOfWeek: 1, startTime: '09:00', endTime: '17:00' };
  return `${shifts}/${read(await acme.admin.api.post(shifts, body))['id'] ?? ''}`;
}
const aTenant = async (by: Client) =>
  read(await by.post('/api/tenants', { slug: `t${randomUUID()}`, name: 'New tenant' }));

let month = Date.UTC(2018, 0, 15);
/** A month of long ago, and the path of it. */
async function aPeriod(): Promise<{ date: string; path: string }> {
  month += 31 * 86_400_000;
  const date = new Date(month).toISOString().slice(0, 10);
  const { id } = read(await acme.admin.api.post('/api/pay-periods', { type: 'monthly', date }));
  return { date, path: `/api/pay-periods/${id ?? ''}` };
}
async function aClosedPeriod() {
  const period = await aPeriod();
  await acme.admin.api.post(`${period.path}/close`);
  return period;
}
const anAdjustment = () =>
  acme.admin.api.post('/api/adjustments', {
    employeeId: acme.employee.id,
    date: '2017-05-05',
    minutes: -15,
    reason: 'Paid twice',
  });
async function aCorrection(by: Client): Promise<string> {
  const body = { kind: 'removed_punch', employeeId: acme.employee.id, punchId: await aPunch(), reason: 'Never there' };
  return `/api/corrections/${read(await by.post('/api/corrections', body))['id'] ?? ''}`;
}

let days = 0;
const anException = async () => {
  const date = new Date(Date.UTC(2016, 0, ++days)).toISOString().slice(0, 10);
  const body = { employeeId: acme.employee.id, date, description: 'The gate was closed' };
  return read(await acme.employee.api.post('/api/exceptions', body))['id'] ?? '';
};
async function aDay() {
  const date = new Date(Date.UTC(2016, 6, ++days)).toISOString().slice(0, 10);
  await server.database.sql(
    `INSERT INTO day_records (tenant_id, employee_id, work_date, content_hash, status, scheduled_seconds, worked_seconds, payable_seconds,
       regular_seconds, overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds, exceptions, record)
     VALUES ($1, $2, $3, '', 'PRESENT', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}')`,
    [acme.id, acme.employee.id, date],
  );
  return { employeeId: acme.employee.id, date };
}

const aDevice = (body: Record<string, unknown> = {}) => registered(server.stranger, acme, body);
const aPin = (deviceId: string) =>
  acme.admin.api.post(`/api/devices/${deviceId}/pins`, { pin: '4711', employeeId: acme.employee.id });
let told = 0;
async function aTold(call: string, serialOnly: boolean): Promise<Reply> {
  const { id, terminal } = await aDevice({ serialOnly });
  await aPin(id);
  const at = new Terminal(server.stranger, terminal.serialNumber, serialOnly ? '/iclock' : terminal.address);
  const time = new Date(Date.UTC(YEAR, 2, 6, ++told)).toISOString().slice(0, 19).replace('T', ' ');
  return at.post(call, `${line('4711', time)}\n`, { table: 'ATTLOG' });
}
/** One for each call of the protocol that tells punches, with a secret in its path and without. */
const tells = ['cdata', 'cdata.aspx', 'querydata', 'querydata.aspx'].flatMap((call) =>
  [true, false].map((serialOnly) => [
    `POST /iclock/${serialOnly ? '' : '{secret}/'}${call}`,
    { is: ['punch', 'create'] as [string, string], anonymous: true as const, call: () => aTold(call, serialOnly) },
  ]),
);

const aBatch = async (
  rows: unknown[] = [{ employeeNumber: 'nobody', type: 'in', timestamp: '2014-03-02T09:00:00Z' }],
) => {
  const { commitToken } = read(await acme.admin.api.post('/api/attendance/import/prepare'));
  return acme.admin.api.post('/api/attendance/import/commit', { rows, commitToken });
};

let profiles = 0;
const profileBody = () => ({
  name: `Gate ${++profiles}`,
  kind: 'punches',
  mapping: { fields: { employee: 'Badge', timestamp: 'Booked at' } },
});
const layoutBody = () => ({
  ...{
    name: 'Payroll',
    columns: [
      { heading: 'No', value: 'employeeId' },
      { heading: 'H', value: 'amount' },
    ],
    payCodes: [{ source: '*', code: '1' }],
  },
  name: `Payroll ${crypto.randomUUID()}`,
});
const aLayout = async () =>
  `/api/attendance/export/layouts/${read(await acme.admin.api.post('/api/attendance/export/layouts', layoutBody()))['id'] ?? ''}`;
const aProfile = async () =>
  `/api/attendance/import/profiles/${read(await acme.admin.api.post('/api/attendance/import/profiles', profileBody()))['id'] ?? ''}`;

/** What the evidence of a write route is, and one call of it. */
interface Written {
  is: [string, string];
  anonymous?: true;
  call: (operator: Client) => Promise<Reply>;
}
/** Every write route of the document. */
const writes: Record<string, Written> = {
  'POST /api/punches': {
    is: ['punch', 'create'],
    call: () => acme.admin.api.post('/api/punches', { employeeId: acme.employee.id, type: 'in', source: 'terminal' }),
  },
  'POST /api/punches/batch': {
    is: ['punch', 'create'],
    call: () =>
      acme.admin.api.post('/api/punches/batch', {
        punches: [{ employeeId: acme.approver.id, type: 'in', timestamp: '2026-01-05T09:00:00Z' }],
      }),
  },
  'PATCH /api/punches/{id}': {
    is: ['punch', 'update'],
    call: async () =>
      acme.admin.api.patch(`/api/punches/${await aPunch()}`, { type: 'out', reason: 'Pressed the wrong key' }),
  },
  'DELETE /api/punches/{id}': {
    is: ['punch', 'delete'],
    call: async () => acme.admin.api.delete(`/api/punches/${await aPunch()}`, { reason: 'Wrong person' }),
  },
  'PUT /api/punches/{id}/quarantine': {
    is: ['punch', 'approve'],
    call: async () => {
      const { date } = await aClosedPeriod();
      const punch = { employeeId: acme.employee.id, type: 'in', timestamp: `${date}T09:00:00Z`, source: 'terminal' };
      const { id } = read(await acme.admin.api.post('/api/punches', punch));
      return acme.admin.api.put(`/api/punches/${id ?? ''}/quarantine`, { status: 'accepted', reason: 'Was offline' });
    },
  },
  'POST /api/devices': {
    is: ['device', 'create'],
    call: () => acme.admin.api.post('/api/devices', { serialNumber: aSerial(), name: 'Gate' }),
  },
  'POST /api/devices/unclaimed/{serial}/claim': {
    is: ['device', 'create'],
    call: async () => {
      const serialNumber = aSerial();
      await new Terminal(server.stranger, serialNumber).signOn();
      return acme.admin.api.post(`/api/devices/unclaimed/${serialNumber}/claim`, { name: 'Gate' });
    },
  },
  'PUT /api/disputed-serials/{serial}': {
    is: ['device', 'assign'],
    call: async (operator) => {
      const serialNumber = aSerial();
      const rival = await server.world.tenant(undefined, { allowedNetworks: ['127.0.0.1/32'] });
      for (const tenant of [acme, rival]) await registered(server.stranger, tenant, { serialNumber, serialOnly: true });
      await new Terminal(server.stranger, serialNumber).signOn();
      const decided = await operator.put(`/api/disputed-serials/${serialNumber}`, {
        tenantId: acme.id,
        reason: 'Seen on site',
      });
      // While both list it, the network proves nothing for the other terminals of this file either.
      await rival.admin.api.put('/api/attendance/settings', { allowedNetworks: [] });
      return decided;
    },
  },
  'PATCH /api/devices/{id}': {
    is: ['device', 'update'],
    call: async () => acme.admin.api.patch(`/api/devices/${(await aDevice()).id}`, { name: 'Back door' }),
  },
  'DELETE /api/devices/{id}': {
    is: ['device', 'delete'],
    call: async () => acme.admin.api.delete(`/api/devices/${(await aDevice()).id}`),
  },
  'POST /api/devices/{id}/secret': {
    is: ['device', 'update'],
    call: async () => acme.admin.api.post(`/api/devices/${(await aDevice()).id}/secret`),
  },
  'POST /api/devices/{id}/pins': { is: ['device', 'assign'], call: async () => aPin((await aDevice()).id) },
  'DELETE /api/devices/{id}/pins/{pinId}': {
    is: ['device', 'unassign'],
    call: async () => {
      const { id } = await aDevice();
      return acme.admin.api.delete(`/api/devices/${id}/pins/${read(await aPin(id))['id'] ?? ''}`);
    },
  },
  'POST /api/devices/{id}/rejects/dismiss': {
    is: ['device', 'reject'],
    call: async () => {
      const { id, terminal } = await aDevice();
      await terminal.tell(['rubbish']);
      const { body } = await acme.admin.api.get('/api/devices/rejects', { query: { deviceId: id } });
      const rejectIds = (body as { data: { id: string }[] }).data.map((reject) => reject.id);
      return acme.admin.api.post(`/api/devices/${id}/rejects/dismiss`, { rejectIds, reason: 'Rubbish' });
    },
  },
  'POST /api/devices/{id}/rejects/retry': {
    is: ['punch', 'create'],
    call: async () => {
      const { id, terminal } = await aDevice();
      await terminal.tell([line('4711', `${YEAR}-03-05 08:00:00`)]);
      await aPin(id);
      return acme.admin.api.post(`/api/devices/${id}/rejects/retry`);
    },
  },
  ...(Object.fromEntries(tells) as Record<string, Written>),
  'POST /api/attendance/import/upload': {
    is: ['import_file', 'create'],
    call: async () => {
      const reply = await fetch(`${server.url}/api/attendance/import/upload`, {
        method: 'POST',
        headers: { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'text/csv' },
        body: 'employeeNumber,type,timestamp\n1,in,2014-03-02T09:00:00Z\n',
      });
      const text = await reply.text();
      return { status: reply.status, headers: reply.headers, text, body: JSON.parse(text) as unknown };
    },
  },
  'POST /api/attendance/import/profiles': {
    is: ['import_profile', 'create'],
    call: () => acme.admin.api.post('/api/attendance/import/profiles', profileBody()),
  },
  'PUT /api/attendance/import/profiles/{id}': {
    is: ['import_profile', 'update'],
    call: async () => acme.admin.api.put(await aProfile(), profileBody()),
  },
  'DELETE /api/attendance/import/profiles/{id}': {
    is: ['import_profile', 'delete'],
    call: async () => acme.admin.api.delete(await aProfile()),
  },
  'POST /api/attendance/export/layouts': {
    is: ['export_layout', 'create'],
    call: () => acme.admin.api.post('/api/attendance/export/layouts', layoutBody()),
  },
  'PUT /api/attendance/export/layouts/{id}': {
    is: ['export_layout', 'update'],
    call: async () => acme.admin.api.put(await aLayout(), layoutBody()),
  },
  'DELETE /api/attendance/export/layouts/{id}': {
    is: ['export_layout', 'delete'],
    call: async () => acme.admin.api.delete(await aLayout()),
  },
  'POST /api/attendance/export/jobs': {
    is: ['export', 'create'],
    call: () => acme.admin.api.post('/api/attendance/export/jobs', { kind: 'days' }),
  },
  'DELETE /api/attendance/export/jobs/{id}': {
    is: ['export', 'cancel'],
    call: async () => {
      const job = read(await acme.admin.api.post('/api/attendance/export/jobs', { kind: 'days' }));
      return acme.admin.api.delete(`/api/attendance/export/jobs/${job['id'] ?? ''}`);
    },
  },
  'POST /api/attendance/import/commit': { is: ['import_batch', 'create'], call: () => aBatch() },
  'POST /api/attendance/import/rollback/{id}': {
    is: ['import_batch', 'rollback'],
    call: async () => acme.admin.api.post(`/api/attendance/import/rollback/${read(await aBatch())['batchId'] ?? ''}`),
  },
  'DELETE /api/attendance/import/jobs/{id}': {
    is: ['import_batch', 'cancel'],
    call: async () => {
      const rows = Array.from({ length: 2000 }, (_, n) => ({
        employeeNumber: 'nobody',
        type: 'in',
        timestamp: `n${n}`,
      }));
      const csvText = [
        'employeeNumber,type,timestamp',
        ...[...rows, ...rows].map((row) => Object.values(row).join()),
      ].join('\n');
      const { commitToken } = read(await acme.admin.api.post('/api/attendance/import/prepare'));
      const { body } = await acme.admin.api.post('/api/attendance/import/commit', { csvText, commitToken });
      return acme.admin.api.delete(`/api/attendance/import/jobs/${(body as { jobId: string }).jobId}`);
    },
  },
  'POST /api/exceptions': {
    is: ['exception', 'create'],
    call: () =>
      acme.admin.api.post('/api/exceptions', {
        employeeId: acme.employee.id,
        date: '2015-05-05',
        description: 'Fire drill',
      }),
  },
  'PUT /api/exceptions/{id}/resolve': {
    is: ['exception', 'approve'],
    call: async () => acme.admin.api.put(`/api/exceptions/${await anException()}/resolve`, { status: 'approved' }),
  },
  'POST /api/exceptions/batch/resolve': {
    is: ['exception', 'reject'],
    call: async () =>
      acme.admin.api.post('/api/exceptions/batch/resolve', {
        ids: [await anException()],
        status: 'rejected',
        notes: 'It was open',
      }),
  },
  'DELETE /api/exceptions/{id}': {
    is: ['exception', 'delete'],
    call: async () => acme.employee.api.delete(`/api/exceptions/${await anException()}`, { reason: 'Another day' }),
  },
  'PUT /api/attendance/days/{employeeId}/{date}/approval': {
    is: ['day', 'approve'],
    call: async () => {
      const { employeeId, date } = await aDay();
      return acme.admin.api.put(`/api/attendance/days/${employeeId}/${date}/approval`, { status: 'approved' });
    },
  },
  'POST /api/attendance/days/batch/approve': {
    is: ['day', 'approve'],
    call: async () => acme.admin.api.post('/api/attendance/days/batch/approve', { days: [await aDay()] }),
  },
  'POST /api/pay-periods': {
    is: ['pay_period', 'create'],
    call: () => acme.admin.api.post('/api/pay-periods', { type: 'monthly', date: '2017-05-05' }),
  },
  'PATCH /api/pay-periods/{id}': {
    is: ['pay_period', 'update'],
    call: async () => acme.admin.api.patch((await aPeriod()).path, { graceDays: 2 }),
  },
  'POST /api/pay-periods/{id}/close': {
    is: ['pay_period', 'close'],
    call: async () => acme.admin.api.post(`${(await aPeriod()).path}/close`),
  },
  'POST /api/pay-periods/{id}/reopen': {
    is: ['pay_period', 'reopen'],
    call: async () => clerk.api.post(`${(await aClosedPeriod()).path}/reopen`, { reason: 'A site was forgotten' }),
  },
  'POST /api/adjustments': { is: ['adjustment', 'create'], call: anAdjustment },
  'DELETE /api/adjustments/{id}': {
    is: ['adjustment', 'cancel'],
    call: async () =>
      acme.admin.api.delete(`/api/adjustments/${read(await anAdjustment())['id'] ?? ''}`, { reason: 'Booked twice' }),
  },
  'POST /api/corrections': {
    is: ['correction', 'create'],
    call: () =>
      acme.admin.api.post('/api/corrections', {
        kind: 'missing_punch',
        employeeId: acme.employee.id,
        type: 'out',
        timestamp: '2026-01-06T17:00:00Z',
        reason: 'The terminal was dark',
      }),
  },
  // An approval leaves the entry of the punch too: see test/corrections.
  'PUT /api/corrections/{id}/decide': {
    is: ['correction', 'reject'],
    call: async () =>
      acme.admin.api.put(`${await aCorrection(acme.employee.api)}/decide`, { status: 'rejected', notes: 'He was' }),
  },
  'DELETE /api/corrections/{id}': {
    is: ['correction', 'cancel'],
    call: async () => acme.admin.api.delete(await aCorrection(acme.employee.api)),
  },
  'POST /api/schedules': {
    is: ['schedule', 'create'],
    call: async () =>
      acme.admin.api.post('/api/schedules', {
        employeeId: (await aUser())['id'],
        name: 'Week',
        startDate: '2030-01-07',
      }),
  },
  'POST /api/schedules/batch': {
    is: ['schedule', 'create'],
    call: async () =>
      acme.admin.api.post('/api/schedules/batch', {
        employeeIds: [(await aUser())['id']],
        schedule: { name: 'Week', startDate: '2030-01-07' },
      }),
  },
  'PATCH /api/schedules/{id}': {
    is: ['schedule', 'update'],
    call: async () => acme.admin.api.patch(`/api/schedules/${await aSchedule()}`, { name: 'Other week' }),
  },
  'DELETE /api/schedules/{id}': {
    is: ['schedule', 'delete'],
    call: async () => acme.admin.api.delete(`/api/schedules/${await aSchedule()}`),
  },
  'POST /api/schedules/{id}/publish': {
    is: ['schedule', 'publish'],
    call: async () => acme.admin.api.post(`/api/schedules/${await aSchedule()}/publish`, {}),
  },
  'POST /api/schedules/{id}/shifts': {
    is: ['shift', 'create'],
    call: async () =>
      acme.admin.api.post(`/api/schedules/${await aSchedule()}/shifts`, {
        dayOfWeek: 1,
        startTime: '09:00',
        endTime: '17:00',
      }),
  },
  'PATCH /api/schedules/{id}/shifts/{shiftId}': {
    is: ['shift', 'update'],
    call: async () => acme.admin.api.patch(await aShift(), { startTime: '08:00' }),
  },
  'DELETE /api/schedules/{id}/shifts/{shiftId}': {
    is: ['shift', 'delete'],
    call: async () => acme.admin.api.delete(await aShift()),
  },
  'POST /api/users': {
    is: ['user', 'create'],
    call: () => acme.admin.api.post('/api/users', { name: 'Ina Import', role: 'employee' }),
  },
  'PATCH /api/users/{id}': {
    is: ['user', 'update'],
    call: async () => acme.admin.api.patch(`/api/users/${(await aUser())['id'] ?? ''}`, { name: 'Nora Newer' }),
  },
  'DELETE /api/users/{id}': {
    is: ['user', 'delete'],
    call: async () => acme.admin.api.delete(`/api/users/${(await aUser())['id'] ?? ''}`),
  },
  'PUT /api/attendance/settings': {
    is: ['settings', 'update'],
    call: () => acme.admin.api.put('/api/attendance/settings', { punchTooSoonSeconds: 7 }),
  },
  'POST /api/attendance/holidays': {
    is: ['holiday', 'create'],
    call: () => acme.admin.api.post('/api/attendance/holidays', { date: '2030-01-01', name: 'New Year' }),
  },
  'POST /api/attendance/holidays/batch': {
    is: ['holiday', 'create'],
    call: () =>
      acme.admin.api.post('/api/attendance/holidays/batch', { holidays: [{ date: '2030-01-06', name: 'Epiphany' }] }),
  },
  'PATCH /api/attendance/holidays/{id}': {
    is: ['holiday', 'update'],
    call: async () => acme.admin.api.patch(`/api/attendance/holidays/${await aHoliday()}`, { name: 'Another name' }),
  },
  'DELETE /api/attendance/holidays/{id}': {
    is: ['holiday', 'delete'],
    call: async () => acme.admin.api.delete(`/api/attendance/holidays/${await aHoliday()}`),
  },
  'POST /api/attendance/leave': { is: ['leave', 'create'], call: () => someLeave() },
  'DELETE /api/attendance/leave/{id}': {
    is: ['leave', 'delete'],
    call: async () => acme.admin.api.delete(`/api/attendance/leave/${String((await someLeave()).body.data[0].id)}`),
  },
  'POST /api/attendance/policies': { is: ['policy', 'create'], call: () => aPolicy() },
  'PATCH /api/attendance/policies/{id}': {
    is: ['policy', 'update'],
    call: async () =>
      acme.admin.api.patch(`/api/attendance/policies/${read(await aPolicy())['id'] ?? ''}`, { name: 'Renamed' }),
  },
  'DELETE /api/attendance/policies/{id}': {
    is: ['policy', 'delete'],
    call: async () => acme.admin.api.delete(`/api/attendance/policies/${read(await aPolicy())['id'] ?? ''}`),
  },
  'POST /api/attendance-admin/users/{id}/roles/assign': {
    is: ['role_assignment', 'assign'],
    call: async () =>
      acme.admin.api.post(`/api/attendance-admin/users/${(await aUser())['id'] ?? ''}/roles/assign`, {
        template: 'approver',
      }),
  },
  'POST /api/attendance-admin/users/{id}/roles/unassign': {
    is: ['role_assignment', 'unassign'],
    call: async () =>
      acme.admin.api.post(`/api/attendance-admin/users/${(await aUser('approver'))['id'] ?? ''}/roles/unassign`, {
        template: 'approver',
      }),
  },
  'POST /api/attendance-admin/users/batch/roles/assign': {
    is: ['role_assignment', 'assign'],
    call: async () =>
      acme.admin.api.post('/api/attendance-admin/users/batch/roles/assign', {
        userIds: [(await aUser())['id']],
        template: 'approver',
      }),
  },
  'POST /api/attendance-admin/users/batch/roles/unassign': {
    is: ['role_assignment', 'unassign'],
    call: async () =>
      acme.admin.api.post('/api/attendance-admin/users/batch/roles/unassign', {
        userIds: [(await aUser('approver'))['id']],
        template: 'approver',
      }),
  },
  'POST /api/tenants': {
    is: ['tenant', 'create'],
    call: (operator) => operator.post('/api/tenants', { slug: `t${randomUUID()}`, name: 'Globex' }),
  },
  'PATCH /api/tenants/{id}': {
    is: ['tenant', 'update'],
    call: async (operator) =>
      operator.patch(`/api/tenants/${(await aTenant(operator))['id'] ?? ''}`, { name: 'Renamed' }),
  },
  'POST /api/auth/login': {
    is: ['session', 'login'],
    anonymous: true,
    call: async () =>
      server.stranger.post('/api/auth/login', { email: (await aUser())['email'], password: secret, tenant: 'acme' }),
  },
  'POST /api/auth/refresh-token': {
    is: ['session', 'refresh'],
    anonymous: true,
    call: async () =>
      server.stranger.post('/api/auth/refresh-token', { refreshToken: (await aSession())['refreshToken'] }),
  },
  'POST /api/auth/logout': {
    is: ['session', 'logout'],
    anonymous: true,
    call: async () => server.stranger.post('/api/auth/logout', { refreshToken: (await aSession())['refreshToken'] }),
  },
};
/** They are sent by POST because their questions do not fit into an address, and change nothing. */
const questions = [
  'POST /api/attendance-admin/users/batch/resolve',
  'POST /api/attendance/import/prepare',
  'POST /api/attendance/import/preview',
  'POST /api/attendance/rules/preview',
  ...['devicecmd', 'registry', 'push'].flatMap((call) =>
    [call, `${call}.aspx`].flatMap((name) => [`POST /iclock/{secret}/${name}`, `POST /iclock/${name}`]),
  ),
];

it('AUD-01: every write route of the document is tried here', async () => {
  const { body } = await server.stranger.get('/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, unknown>> };
  const documented = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => ['post', 'put', 'patch', 'delete'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect([...Object.keys(writes), ...questions].sort()).toEqual(documented.sort());
});

it.each(Object.entries(writes))(
  'AUD-01: %s leaves exactly one entry',
  async (_route, { is: [entity, action], anonymous, call }) => {
    const operator = await server.world.operator();
    const reply = await call(operator.api);
    expect([200, 201, 202, 204]).toContain(reply.status);
    const entries = await entriesOf(reply);
    expect(entries).toEqual([
      expect.objectContaining({
        entity,
        action,
        outcome: 'success',
        ip: '127.0.0.1',
        entity_id: expect.stringMatching(/./) as string,
      }),
    ]);
    const [entry] = entries;
    if (!anonymous) expect([acme.admin.id, acme.employee.id, clerk.id, operator.id]).toContain(entry?.user_id);
    expect(Math.abs(Number(entry?.['created_at']) - Date.now())).toBeLessThan(10_000);
    expect(JSON.stringify(entries)).not.toContain(secret);
  },
);

it('AUD-02: a write that fails after its change leaves neither, and a failure in the trail', async () => {
  await server.database.sql(
    `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'fault' USING ERRCODE = 'XX000'; END $$`,
  );
  await server.database.sql(
    'CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON idempotency_keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()',
  );
  try {
    const before = await counts();
    const replies = [
      await acme.admin.api.post('/api/users', { name: 'Nobody', role: 'employee' }, { key: randomUUID() }),
      await acme.admin.api.post('/api/punches', { employeeId: acme.admin.id, type: 'in' }, { key: randomUUID() }),
    ];
    for (const reply of replies) {
      expect(reply.status).toBe(500);
      expect(reply.text).not.toMatch(/fault|XX000/);
      expect(await entriesOf(reply)).toEqual([]);
    }
    expect(await counts()).toEqual(before);
    const ids = replies.map(({ headers }) => headers.get('x-request-id'));
    await server.app.get(RequestTrail, { strict: false }).flush();
    expect(
      await server.database.count(
        'operation_logs',
        `status = 'failure' AND event_type = 'api.failed' AND request_id = ANY ($1)`,
        [ids],
      ),
    ).toBe(2);
  } finally {
    await server.database.sql('DROP FUNCTION fail() CASCADE');
  }
});

const counts = () =>
  Promise.all(
    ['users', 'user_roles', 'punches', 'idempotency_keys', 'audit_logs'].map((table) => server.database.count(table)),
  );

it('AUD-03: without its evidence a change does not happen', async () => {
  const session = await aSession();
  const [id, user] = [await aPunch(), await aUser()];
  const columns =
    'tenant_id, user_id, on_behalf_of, action, entity, entity_id, outcome, changes, employee_id, punch_id, exception_id, request_id, ip, canonical';
  await server.database.sql(`REVOKE INSERT (${columns}) ON audit_logs FROM rollcall_runtime, rollcall_writer`);
  try {
    const before = await counts();
    const tried = [
      acme.admin.api.post('/api/punches', { employeeId: acme.admin.id, type: 'in' }, { key: randomUUID() }),
      acme.admin.api.post('/api/punches', { employeeId: acme.admin.id, type: 'in' }),
      acme.admin.api.delete(`/api/punches/${id}`, { reason: 'Never happens' }, { key: randomUUID() }),
      acme.admin.api.patch(`/api/users/${user['id'] ?? ''}`, { name: 'Never happens' }),
      acme.admin.api.post('/api/users', { name: 'Never Happens', role: 'employee' }, { key: randomUUID() }),
      server.stranger.post('/api/auth/refresh-token', { refreshToken: session['refreshToken'] }),
    ];
    for (const { status } of await Promise.all(tried)) expect(status).toBeGreaterThanOrEqual(500);
    expect(await counts()).toEqual(before);
    expect(await server.database.count('punches', `id = $1 AND status = 'active'`, [id])).toBe(1);
    expect(await server.database.count('users', `name = 'Never happens'`)).toBe(0);
  } finally {
    await server.database.sql(`GRANT INSERT (${columns}) ON audit_logs TO rollcall_runtime, rollcall_writer`);
  }
});

it('AUD-07: changes hold the fields that changed, old and new', async () => {
  const user = await aUser();
  const reply = await acme.admin.api.patch(`/api/users/${user['id'] ?? ''}`, { name: 'Nora Changed' });
  const [entry] = await entriesOf(reply);
  expect(entry?.changes).toEqual({ before: { name: 'Nora New' }, after: { name: 'Nora Changed' } });
});

it('AUD-08: a new password is nowhere to be found', async () => {
  const user = await aUser();
  const fresh = 'an entirely different phrase';
  const reply = await acme.admin.api.patch(`/api/users/${user['id'] ?? ''}`, { password: fresh });
  expect(reply.status).toBe(200);
  const [entry] = await entriesOf(reply);
  expect(entry).toBeDefined();
  const { bytes } = await fetch(`${server.url}/api/attendance-admin/audit-logs/export?entityId=${user['id'] ?? ''}`, {
    headers: { authorization: `Bearer ${acme.admin.token}` },
  }).then(async (response) => ({ bytes: await response.text() }));
  for (const text of [JSON.stringify(entry), (entry?.['canonical'] as Buffer).toString(), bytes]) {
    expect(text).not.toContain(fresh);
    expect(text).not.toContain(secret);
    expect(text).not.toContain('$scrypt');
    expect(text).not.toContain('$argon');
  }
  expect(await server.database.count('operation_logs', `operation_logs::text LIKE '%' || $1 || '%'`, [fresh])).toBe(0);
});

it('AUD-10: a batch of a hundred leaves a hundred entries under one request', async () => {
  const punches = Array.from({ length: 100 }, (_, n) => ({
    employeeId: acme.employee.id,
    type: n % 2 === 0 ? 'in' : 'out',
    timestamp: new Date(Date.UTC(2026, 1, 1) + n * 3_600_000).toISOString(),
  }));
  const reply = await acme.admin.api.post('/api/punches/batch', { punches });
  const { results } = reply.body as { results: { id: string }[] };
  const entries = await entriesOf(reply);
  expect(entries.map((entry) => entry['entity_id']).sort()).toEqual(results.map(({ id }) => id).sort());
});
