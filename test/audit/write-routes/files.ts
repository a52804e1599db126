import { acme, read, server, type Written } from './scene';

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

/** Imports and exports. */
export const files: Record<string, Written> = {
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
};
