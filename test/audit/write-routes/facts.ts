import type { Client } from '../../support/client';
import { aClosedPeriod } from './pay-periods';
import { acme, aPunch, read, server, type Written } from './scene';

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

/** Punches, and what people say and decide about them. */
export const facts: Record<string, Written> = {
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
};
