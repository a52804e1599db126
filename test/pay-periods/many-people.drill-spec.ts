import { createHash } from 'node:crypto';
import { aPeriod, close, payday } from './scene';

const { server, acme, payroll } = payday();

it('totals of more people than are read at once are whole and in order', async () => {
  const id = await aPeriod(acme);
  await server.database.sql(
    `WITH u AS (INSERT INTO users (tenant_id, name, employee_number)
       SELECT $1, 'Person ' || n, CASE WHEN n % 10 > 0 THEN 'N' || n END FROM generate_series(1, 2100) n RETURNING id)
     INSERT INTO adjustments (tenant_id, employee_id, work_date, origin, pay_source, rate, seconds, reason)
     SELECT $1, id, '2026-02-01', 'manual', 'manual', 1, 60, 'Bonus' FROM u`,
    [acme.id],
  );
  await server.database.sql('ANALYZE users, adjustments'); // as autovacuum would: without statistics each person reads all of them
  const totals = (query = '') => payroll.api.get(`/api/pay-periods/${id}/totals${query}`);
  const live = await totals();
  await close(acme.admin, id);
  const frozen = await totals();
  expect(frozen.body.data).toEqual(live.body.data);
  expect(frozen.body.data).toHaveLength(2100);
  const { text, headers } = await totals('?format=csv');
  expect(headers.get('etag')).toBe(`"${createHash('sha256').update(text).digest('hex')}"`);
  const numbers = frozen.body.data.map(
    ({ employeeNumber = '~' }: { employeeNumber?: string }) => employeeNumber,
  ) as string[];
  expect(numbers).toEqual([...numbers].sort());
});
