import { createHash, randomUUID } from 'node:crypto';
import { aDay, closedMarch, codeOf } from '../pay-periods/scene';
import { tenantForEachTest } from '../support/scene';
import { exported, path } from './scene';

const { server, tenant: acme } = tenantForEachTest();
let periodId: string;
beforeEach(async () => {
  await aDay(server, acme, acme.employee, '2026-03-02');
  await aDay(server, acme, acme.approver, '2026-03-03');
  periodId = await closedMarch(acme);
});

const totals = (format = 'csv') => exported(server, acme.admin, { kind: 'totals', periodId, format });

it('a closed period is the same bytes for ever, and those of its totals', async () => {
  const { status, headers, bytes } = await totals();
  expect([status, headers.get('etag')]).toEqual([200, `"${createHash('sha256').update(bytes).digest('hex')}"`]);
  expect(headers.get('content-disposition')).toBe('attachment; filename="totals-2026-03-01-2026-03-31-r1.csv"');
  await server.database.sql(
    `UPDATE users SET name = 'Changed', employee_number = 'X' || employee_number WHERE tenant_id = $1`,
    [acme.id],
  );
  await acme.admin.api.post('/api/adjustments', {
    employeeId: acme.employee.id,
    date: '2026-03-02',
    minutes: 30,
    reason: 'told too late',
  });
  const workbook = (await totals('xlsx')).bytes;
  expect((await totals()).bytes.equals(bytes)).toBe(true);
  expect((await totals('xlsx')).bytes.equals(workbook)).toBe(true);
  const page = await acme.admin.api.get(`/api/pay-periods/${periodId}/totals?format=csv`);
  expect(page.text).toBe(bytes.toString());
});

it('tells the same totals as JSON, one person on each line', async () => {
  const lines = (await totals('ndjson')).text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toHaveLength(2);
  expect(lines).toContainEqual(
    expect.objectContaining({
      employeeId: acme.employee.id,
      payableMinutes: 480,
      revision: 1,
      periodStart: '2026-03-01',
    }),
  );
});

it('refuses an open period, and knows none of another tenant', async () => {
  const open = (await acme.admin.api.post('/api/pay-periods', { type: 'monthly', date: '2026-05-01' })).body as {
    id: string;
  };
  const ask = (id: string, by = acme.admin) => by.api.get(path, { query: { kind: 'totals', periodId: id } });
  expect(codeOf(await ask(open.id))).toEqual([409, 'period_not_closed']);
  const globex = await server.world.tenant();
  expect(codeOf(await ask(periodId, globex.admin))).toEqual([404, 'not_found']);
  expect(codeOf(await ask(randomUUID()))).toEqual([404, 'not_found']);
});

it('an approver gets the people of their org unit, without the hash of all', async () => {
  const chief = await acme.person({ role: 'approver', orgUnitId: randomUUID() });
  const { status, headers, text } = await exported(server, chief, { kind: 'totals', periodId });
  expect([status, headers.get('etag'), text.trimEnd().split('\r\n').length]).toEqual([200, null, 1]);
});
