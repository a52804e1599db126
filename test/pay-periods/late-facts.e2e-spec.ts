import { DayWorker } from '../../src/attendance/days/day-worker';
import { tenantForFile } from '../support/scene';
import type { Person } from '../support/world';
import { aPeriod, close } from './scene';

const { server, tenant: acme } = tenantForFile();
let anna: Person;
beforeAll(async () => {
  anna = await acme.person({});
});

const computed = () => server.app.get(DayWorker, { strict: false }).drain();
const tell = async (type: string, timestamp: string): Promise<string> =>
  (await acme.admin.api.post('/api/punches', { employeeId: anna.id, type, timestamp, source: 'terminal' })).body
    .id as string;
const open = async () =>
  (await acme.admin.api.get('/api/adjustments', { query: { status: 'open' } })).body.data as object[];

it('what a terminal tells too late is paid with the next period, and the closed one stays as it was', async () => {
  const march = await aPeriod(acme);
  await tell('in', '2026-03-20T08:00:00Z');
  await tell('out', '2026-03-20T12:00:00Z');
  await computed();
  expect((await close(acme.admin, march, { acceptOpenExceptions: true })).status).toBe(200);
  const totals = `/api/pay-periods/${march}/totals?format=csv`;
  const paid = (await acme.admin.api.get(totals)).text;

  const late = [await tell('in', '2026-03-20T13:00:00Z'), await tell('out', '2026-03-20T15:30:00Z')];
  await computed();
  expect(await open()).toEqual([]);
  for (const id of late)
    await acme.approver.api.put(`/api/punches/${id}/quarantine`, {
      status: 'accepted',
      reason: 'Terminal was offline',
    });
  await computed();
  await computed();
  const adjustment = {
    employeeId: anna.id,
    date: '2026-03-20',
    origin: 'late_fact',
    source: 'regular',
    rate: 1,
    minutes: 150,
  };
  expect(await open()).toEqual([expect.objectContaining(adjustment)]);

  const april = await aPeriod(acme, { type: 'monthly', date: '2026-04-01' });
  expect((await close(acme.admin, april)).status).toBe(200);
  const { data } = (await acme.admin.api.get(`/api/pay-periods/${april}/totals`)).body;
  expect(data).toMatchObject([{ employeeId: anna.id, days: 0, adjustments: [{ date: '2026-03-20', minutes: 150 }] }]);
  expect(await open()).toEqual([]);
  expect((await acme.admin.api.get(totals)).text).toBe(paid);

  // Reopened, the day counts the late punches by itself: nobody is paid twice.
  const payroll = await acme.person({ role: 'payroll' });
  await payroll.api.post(`/api/pay-periods/${march}/reopen`, { reason: 'To see what comes of it' });
  await computed();
  expect(await open()).toEqual([expect.objectContaining({ date: '2026-03-20', origin: 'late_fact', minutes: -150 })]);
  expect((await close(acme.admin, march, { acceptOpenExceptions: true })).body).toMatchObject({ revision: 2 });
  const second = (await acme.admin.api.get(`/api/pay-periods/${march}/totals`)).body.data;
  expect(second).toMatchObject([{ payableMinutes: 390, adjustments: [{ minutes: -150 }] }]);
  await server.database.sql(`INSERT INTO dirty_days (tenant_id, employee_id, day) VALUES ($1, $2, '2026-03-20')`, [
    acme.id,
    anna.id,
  ]);
  await computed();
  expect(await open()).toEqual([]);
});
