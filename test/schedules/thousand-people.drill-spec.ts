import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import { date, planning, weekly } from './scene';

const { server, acme } = planning();

it('a plan takes a thousand people and 120 days in one request', async () => {
  const people = Array.from({ length: 1000 }, () => randomUUID());
  await server.database.sql(
    'INSERT INTO users (tenant_id, id, name) SELECT $1, id, id::text FROM unnest($2::uuid[]) id',
    [acme.id, people],
  );
  const body = {
    employeeIds: people,
    schedule: { name: 'Year', startDate: date(0) },
    shifts: [0, 1, 2, 3, 4, 5, 6].map((day) => weekly(day, '09:00-17:00', { breakMinutes: 30 })),
    publish: true,
  };
  const key = aKey();
  const reply = await acme.admin.api.post('/api/schedules/batch', body, { key });
  expect([reply.status, reply.body?.counts]).toEqual([200, { created: 1000, refused: 0 }]);
  expect(await server.database.count('shift_instances', 'employee_id = ANY ($1)', [people])).toBeGreaterThanOrEqual(
    120_000,
  );
  const again = await acme.admin.api.post('/api/schedules/batch', body, { key });
  expect(again.text).toBe(reply.text);
});
