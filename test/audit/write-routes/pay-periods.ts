import { acme, clerk, read, type Written } from './scene';

let month = Date.UTC(2018, 0, 15);
/** A month of long ago, and the path of it. */
async function aPeriod(): Promise<{ date: string; path: string }> {
  month += 31 * 86_400_000;
  const date = new Date(month).toISOString().slice(0, 10);
  const { id } = read(await acme.admin.api.post('/api/pay-periods', { type: 'monthly', date }));
  return { date, path: `/api/pay-periods/${id ?? ''}` };
}
export async function aClosedPeriod() {
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

/** Pay periods and adjustments. */
export const payPeriods: Record<string, Written> = {
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
};
