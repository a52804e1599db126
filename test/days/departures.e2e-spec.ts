import { startServer, type TestServer } from '../support/server';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

it('ABS-03: whoever was deactivated is expected no more', async () => {
  const acme = await server.world.tenant();
  const today = new Date().toISOString().slice(0, 10);
  const { status, body } = await acme.admin.api.post('/api/schedules', {
    employeeId: acme.employee.id,
    name: 'Every day',
    startDate: today,
    shifts: [0, 1, 2, 3, 4, 5, 6].map((dayOfWeek) => ({ dayOfWeek, startTime: '09:00', endTime: '10:00' })),
    publish: true,
  });
  expect([status, body.status]).toEqual([201, 'published']);
  const ahead = () => server.database.count('shift_instances', 'tenant_id = $1 AND starts_at > now()', [acme.id]);
  expect(await ahead()).toBeGreaterThan(100);
  expect((await acme.admin.api.delete(`/api/users/${acme.employee.id}`)).status).toBe(200);
  expect(await ahead()).toBe(0);
});
