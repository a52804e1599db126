import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';

let server: TestServer;
let acme: Tenant;
beforeAll(async () => {
  server = await startServer();
  acme = await server.world.tenant();
  await server.database.sql(`UPDATE tenants SET time_zone = 'Europe/Berlin' WHERE id = $1`, [acme.id]);
});
afterAll(() => server.close());

const bounds = 'must lie between 1900-01-01 and 2200-12-31';

describe('a date out of range', () => {
  it.each([
    ['/api/attendance/days', 'from', 'a date'],
    ['/api/attendance/holidays', 'to', 'a date'],
    ['/api/schedules', 'from', 'a date'],
    ['/api/punches', 'from', 'an instant'],
    ['/api/punches', 'startDate', 'either'],
    ['/api/punches', 'endDate', 'either'],
    ['/api/audit-logs', 'to', 'an instant'],
    ['/api/admin/audit-logs', 'startDate', 'either'],
    ['/api/admin/audit-logs', 'endDate', 'either'],
  ])(
    'in a query of %s is refused by the name of %s, with what is in range, whether sent as a date or an instant',
    async (path, name, takes) => {
      const instants = ['1899-12-31T10:00:00Z', '2201-01-02T00:00:00+01:00'];
      const dates = takes === 'an instant' ? [] : ['1899-12-31', '2201-01-01'];
      for (const value of [...instants, ...dates]) {
        const { status, body } = await acme.admin.api.get(path, { query: { [name]: value } });
        expect([value, status, body.detail]).toEqual([value, 400, `?${name} ${bounds}.`]);
        expect(body.errors).toMatchObject([{ pointer: `?${name}`, detail: bounds }]);
      }
    },
  );

  it('in a body is refused in the same words', async () => {
    for (const date of ['1000-01-01', '2201-01-01', '1000-01-01T10:00:00Z']) {
      const reply = await acme.admin.api.post('/api/attendance/holidays', { date, name: 'Long ago' });
      expect([date, reply.status, reply.body.detail]).toEqual([date, 400, `/date ${bounds}.`]);
    }
    const punch = { employeeId: acme.employee.id, type: 'in', timestamp: '1899-12-31T10:00:00Z' };
    const reply = await acme.admin.api.post('/api/punches', punch);
    expect([reply.status, reply.body.detail]).toEqual([400, `/timestamp ${bounds}.`]);
  });

  it('is none at the very ends, whatever the zone of the tenant', async () => {
    const query = { startDate: '1900-01-01', endDate: '2200-12-31' };
    expect((await acme.admin.api.get('/api/punches', { query })).status).toBe(200);
  });

  it('is not what a text without a date is told', async () => {
    const days = await acme.admin.api.get('/api/attendance/days', { query: { from: '2026-02-30' } });
    expect(days.body.detail).toBe('?from must be a date such as 2026-03-29.');
    const punches = await acme.admin.api.get('/api/punches', { query: { startDate: 'yesterday' } });
    expect(punches.body.detail).toBe('?startDate must be an instant such as 2026-03-29T01:30:00Z.');
  });
});
