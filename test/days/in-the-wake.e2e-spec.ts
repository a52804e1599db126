import { tenantForFile } from '../support/scene';
import { Days } from './scene';

const { server, tenant } = tenantForFile();
let days: Days;
beforeAll(() => {
  days = new Days(server, tenant);
});

it('a back-dated policy, a holiday and leave reach the days on record', async () => {
  const { employee, admin } = tenant;
  await days.punch(employee, 'UTC', 'in 2026-03-03T08:00', 'out 2026-03-03T18:00');
  await days.compute();
  const day = async (date = '2026-03-03') => (await days.day(employee, date)).body as Record<string, unknown>;
  expect(await day()).toMatchObject({ regularMinutes: 600, overtimeMinutes: 0 });

  const settings = { overtime: { daily: [{ afterMinutes: 480, rate: 1.5 }] }, holidayRate: 2 };
  const policy = { name: 'From March', effectiveFrom: '2026-03-01', settings };
  const made = await admin.api.post('/api/attendance/policies', policy);
  expect(made.body).toMatchObject({ markedDays: 1, lockedDays: 0 });
  await days.compute();
  expect(await day()).toMatchObject({ regularMinutes: 480, overtimeMinutes: 120 });

  const holiday = await admin.api.post('/api/attendance/holidays', { date: '2026-03-03', name: 'Founding day' });
  await days.compute();
  expect(await day()).toMatchObject({ holiday: 'Founding day', premiumMinutes: 600 });
  await admin.api.delete(`/api/attendance/holidays/${String(holiday.body.id)}`);
  await days.compute();
  expect(await day()).toMatchObject({ regularMinutes: 480, overtimeMinutes: 120 });

  const leave = { employeeId: employee.id, date: '2026-03-04', code: 'vacation' };
  await admin.api.post('/api/attendance/leave', leave);
  await days.compute();
  expect(await day('2026-03-04')).toMatchObject({ leave: ['vacation'] });
});
