import { tenantForEachTest } from '../support/scene';
import { until } from '../support/until';
import { exported, held, path } from './scene';

const { server, tenant: acme } = tenantForEachTest();

const holds = (n: number) => until(async () => (await held(server)) === n, `${n} exports wait for their readers`);

it('asking for the head alone holds nothing', async () => {
  for (let n = 0; n < 3; n++) {
    const reply = await acme.admin.api.request('HEAD', `${path}?kind=punches`);
    expect(reply.status).toBeLessThan(500);
  }
  expect((await exported(server, acme.admin, { kind: 'punches' })).status).toBe(200);
});

it('AUD: is recorded before its first byte, and not made when it cannot be', async () => {
  const reply = await acme.admin.api.get(path, {
    query: { kind: 'days', from: '2026-03-01', employeeId: acme.employee.id },
  });
  const [entry] = await server.database.sql(
    'SELECT entity, action, user_id, employee_id, changes FROM audit_logs WHERE request_id = $1',
    [reply.headers.get('x-request-id')],
  );
  expect(entry).toMatchObject({
    entity: 'export',
    action: 'export',
    user_id: acme.admin.id,
    employee_id: acme.employee.id,
    changes: { after: { kind: 'days', format: 'csv', filters: { from: '2026-03-01', employeeId: acme.employee.id } } },
  });
  await server.database.sql('ALTER TABLE audit_logs ADD CONSTRAINT away CHECK (false) NOT VALID');
  try {
    for (let n = 0; n < 3; n++) {
      const refused = await acme.admin.api.get(path, { query: { kind: 'days' } });
      expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable']);
    }
  } finally {
    await server.database.sql('ALTER TABLE audit_logs DROP CONSTRAINT away');
  }
  await holds(0);
});
