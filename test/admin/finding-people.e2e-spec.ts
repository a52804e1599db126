import { tenantForFile, tenantOf } from '../support/scene';
import { admin } from './roles-scene';

const { server, tenant } = tenantForFile();
const other = tenantOf(server);

describe('finding people', () => {
  it('by a part of what they are called, within the tenant (TEN-02)', async () => {
    await other.person({ name: 'Zoë Quixote' });
    const mine = await tenant.person({ name: 'Zoë Quixote' });
    const { body } = await tenant.admin.api.get(`${admin}/users/search`, { query: { q: 'quix', limit: 5 } });
    expect(body.data).toMatchObject([{ id: mine.id, name: 'Zoë Quixote', roles: ['employee'] }]);
    expect((await tenant.admin.api.get(`${admin}/users/search`)).status).toBe(400);
  });

  it('by addresses and employee numbers, each person once; it changes nothing and needs no evidence', async () => {
    const someone = await tenant.person({});
    const [row] = await server.database.sql<{ employee_number: string }>(
      'SELECT employee_number FROM users WHERE id = $1',
      [someone.id],
    );
    const before = await server.database.count('audit_logs');
    const reply = await tenant.admin.api.post(
      `${admin}/users/batch/resolve`,
      {
        emails: [someone.email.toUpperCase(), other.employee.email],
        employeeNumbers: [row?.employee_number, 'nobody'],
      },
      { key: 'resolve-1' },
    );
    expect(reply.status).toBe(200);
    expect(reply.body.resolved).toMatchObject([{ id: someone.id, email: someone.email }]);
    expect(reply.body.unknown).toEqual([other.employee.email, 'nobody']);
    expect(await server.database.count('audit_logs')).toBe(before);
    expect((await tenant.admin.api.post(`${admin}/users/batch/resolve`, {})).status).toBe(400);
  });
});
