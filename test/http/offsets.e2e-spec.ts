import type { TestServer } from '../support/server';
import { sharedServer } from '../support/shared-server';
import type { Tenant } from '../support/world';

const places = [
  ['/api/punches', 'from'],
  ['/api/punches', 'to'],
  ['/api/punches', 'startDate'],
  ['/api/punches', 'endDate'],
  ['/api/audit-logs', 'from'],
  ['/api/audit-logs', 'to'],
  ['/api/admin/audit-logs', 'startDate'],
  ['/api/admin/audit-logs', 'endDate'],
  ['/api/attendance-admin/audit-logs', 'from'],
  ['/api/attendance-admin/audit-logs', 'to'],
] as const;
const today = new Date().toISOString().slice(0, 10);

describe('A4: an offset that no clock on earth has', () => {
  let server: TestServer;
  let tenant: Tenant;
  beforeAll(async () => {
    server = await sharedServer();
    tenant = await server.world.tenant();
  });
  afterAll(() => server.close());

  const get = (path: string, name: string, value: string) =>
    tenant.admin.api.get(`${path}?${name}=${encodeURIComponent(value)}`);

  it.each(places)('is refused in %s?%s by the name of its parameter', async (path, name) => {
    for (const offset of ['+14:01', '-14:01', '+15:59', '+16:00', '-16:00', '+23:59', '-23:59']) {
      const { status, body } = await get(path, name, `${today}T10:00:00${offset}`);
      expect([offset, status, body.errors?.[0]?.pointer]).toEqual([offset, 400, `?${name}`]);
    }
  });

  it.each(places)('is not what %s?%s is sent from Kiritimati, or with a fraction of any length', async (path, name) => {
    for (const text of ['10:00:00+14:00', '10:00:00-12:00', `10:00:00.${'1'.repeat(300)}Z`])
      expect([text, (await get(path, name, `${today}T${text}`)).status]).toEqual([text, 200]);
  });

  it('is refused in a body, and any other one means the instant that it names', async () => {
    const { api, id } = tenant.employee;
    const punch = (timestamp: string) => api.post('/api/punches', { employeeId: id, type: 'in', timestamp });
    const refused = await punch('2026-03-20T10:00:00+16:00');
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/timestamp']);
    const now = Math.floor(Date.now() / 1000) * 1000;
    const local = new Date(now + 14 * 3_600_000).toISOString().replace('Z', '+14:00');
    expect((await punch(local)).body).toMatchObject({ occurredAt: new Date(now).toISOString() });
  });
});
