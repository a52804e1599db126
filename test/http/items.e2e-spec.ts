import { Days } from '../days/scene';
import { aKey } from '../support/client';
import { tenantForEachTest } from '../support/scene';

const { server, tenant: acme } = tenantForEachTest();

type Result = Record<'status' | 'code' | 'detail', string | undefined>;
const told = (results: Result[]) => results.map(({ status, code, detail }) => [status, code, detail?.slice(0, 24)]);
const refused = (detail: string) => ['refused', 'validation_failed', detail.slice(0, 24)];
const stands = (status: string) => [status, undefined, undefined];

describe('a list in which each item stands alone', () => {
  const punches = (...items: object[]) =>
    items.map((more) => ({ employeeId: acme.employee.id, type: 'in', timestamp: '2026-03-02T08:00:00Z', ...more }));

  it('of punches stores what is well, and refuses each that a device has measured out of bounds', async () => {
    const body = {
      punches: punches(
        {},
        { timestamp: '1899-12-31T00:00:00Z' },
        { timestamp: '0000-01-01T00:00:00Z' },
        { timestamp: '2026-02-30T08:00:00Z' },
        { timestamp: 'not a time' },
        { timestamp: '' },
        { timestamp: '2026-03-02T08:00:00+18:00' },
        { type: 'out', timestamp: '2026-03-02T16:00:00Z', latitude: 91, longitude: 13.4 },
        { type: 'out', timestamp: '2026-03-02T17:00:00+01:00', latitude: 52.5, longitude: 13.4 },
      ),
    };
    const key = aKey();
    const reply = await acme.admin.api.post('/api/punches/batch', body, { key });
    expect([reply.status, reply.body.counts]).toEqual([200, { created: 2, duplicate: 0, refused: 7 }]);
    expect(told(reply.body.results)).toEqual([
      stands('created'),
      refused('/timestamp must lie between'),
      refused('/timestamp must lie between'),
      refused('/timestamp must be an instant'),
      refused('/timestamp must be an instant'),
      refused('/timestamp must be an instant'),
      refused('/timestamp must be at most'),
      refused('/latitude must be at most 90.'),
      stands('created'),
    ]);
    const stored = await acme.admin.api.get('/api/punches', { query: { employeeId: acme.employee.id } });
    expect(stored.body.data).toMatchObject([
      { type: 'out', occurredAt: '2026-03-02T16:00:00.000Z', deviceOffsetMinutes: 60, latitude: 52.5 },
      { type: 'in', occurredAt: '2026-03-02T08:00:00.000Z' },
    ]);
    const again = await acme.admin.api.post('/api/punches/batch', body, { key });
    expect([again.status, again.text]).toEqual([200, reply.text]);
  });

  it('of punches is refused as a whole for its form, its permission and where nothing of it is a list', async () => {
    const badly = { timestamp: 'not a time' };
    for (const [body, pointer] of [
      [{ punches: punches(badly, { timestamp: 7 }) }, '/punches/1/timestamp'],
      [{ punches: punches(badly, { type: 'lunch' }) }, '/punches/1/type'],
      [{ punches: punches(badly, { employeeId: 'nobody' }) }, '/punches/1/employeeId'],
      [{ punches: punches(badly, { note: 'x' }) }, '/punches/1/note'],
      [{ punches: badly }, '/punches'],
    ] as const) {
      const reply = await acme.admin.api.post('/api/punches/batch', body);
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, pointer]);
    }
    const [other] = punches({ employeeId: acme.admin.id, ...badly });
    expect((await acme.employee.api.post('/api/punches/batch', { punches: [other] })).status).toBe(403);
    expect(await server.database.count('punches', 'tenant_id = $1', [acme.id])).toBe(0);
  });

  it('of holidays enters the others', async () => {
    const holidays = ['2026-01-01', '2026-02-30', '1000-01-01', '2026-12-25'].map((date) => ({ date, name: date }));
    const reply = await acme.admin.api.post('/api/attendance/holidays/batch', { holidays });
    expect([reply.status, reply.body.counts]).toEqual([200, { created: 2, refused: 2 }]);
    expect(told(reply.body.results)).toEqual([
      stands('created'),
      refused('/date must be a date such as'),
      refused('/date must lie between 1900'),
      stands('created'),
    ]);
  });

  it('of days approves the others', async () => {
    const days = new Days(server, acme);
    await days.shift(acme.employee, 'UTC', '2026-03-02', '08:00-12:00');
    await days.punch(acme.employee, 'UTC', 'in 2026-03-02T08:00', 'out 2026-03-02T12:00');
    await days.compute();
    const of = (date: string) => ({ employeeId: acme.employee.id, date });
    const body = { days: [of('2026-03-02'), of('9999-99-99')] };
    const reply = await acme.admin.api.post('/api/attendance/days/batch/approve', body);
    expect([reply.status, reply.body.code, reply.body.counts]).toEqual([200, undefined, { approved: 1, refused: 1 }]);
    expect(told(reply.body.results)).toEqual([stands('approved'), refused('/date must be a date such as')]);
    const none = await acme.admin.api.post('/api/attendance/days/batch/approve', { days: [of('9999-99-99')] });
    expect([none.status, none.body.code]).toEqual([400, 'validation_failed']);
  });
});
