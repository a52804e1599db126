import { DayClock } from '../../src/attendance/days/day-clock';
import { serverForFile } from '../support/scene';

const server = serverForFile();

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

it('whoever moves to another zone is expected by its clock, from the next shift on', async () => {
  const acme = await server.world.tenant();
  const today = new Date().toISOString().slice(0, 10);
  const starts = () =>
    server.database.sql<{ day: string; hour: number; n: number }>(
      `SELECT min(work_date)::text AS day, count(*)::int AS n, extract(hour FROM max(starts_at) AT TIME ZONE 'Asia/Tokyo')::int AS hour
       FROM shift_instances WHERE tenant_id = $1 AND window_start > now()`,
      [acme.id],
    );
  await acme.admin.api.post('/api/schedules', {
    employeeId: acme.employee.id,
    name: 'Every day',
    startDate: today,
    shifts: [0, 1, 2, 3, 4, 5, 6].map((dayOfWeek) => ({ dayOfWeek, startTime: '09:00', endTime: '10:00' })),
    publish: true,
  });
  const [before] = await starts();
  expect((await acme.admin.api.patch(`/api/users/${acme.employee.id}`, { timeZone: 'Asia/Tokyo' })).status).toBe(200);
  await server.app.get(DayClock, { strict: false }).materialise(0);
  const [moved] = await starts();
  expect(moved?.hour).toBe(9);
  expect(Math.abs((moved?.n ?? 0) - (before?.n ?? 0))).toBeLessThanOrEqual(1);

  const leaveDate = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  expect((await acme.admin.api.patch(`/api/users/${acme.employee.id}`, { leaveDate })).status).toBe(200);
  await server.app.get(DayClock, { strict: false }).materialise(0);
  const [leaving] = await server.database.sql<{ last: string }>(
    'SELECT max(work_date)::text AS last FROM shift_instances WHERE tenant_id = $1',
    [acme.id],
  );
  expect(leaving?.last).toBe(leaveDate);
});
