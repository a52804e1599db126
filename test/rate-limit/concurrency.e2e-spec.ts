import { lockedPerson, type Obstacle, untilWaiting } from '../support/faults';
import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import { until } from '../support/until';
import type { Person } from '../support/world';

const { server, tenant: acme } = tenantForEachTest(
  {
    ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
    PUNCH_GROUPING: 'off', // each request waits for the lock by itself, so that the database shows how many do
    RATE_LIMIT_CONCURRENT_PER_PRINCIPAL: '2',
    RATE_LIMIT_CONCURRENT_PER_TENANT: '3',
  },
  startServer,
);

let held: Obstacle | undefined;
beforeEach(async () => {
  held = await lockedPerson(server.database, acme.employee);
});
const lift = async () => {
  await held?.lift();
  held = undefined;
};
afterEach(lift);

const punch = { type: 'in', timestamp: '2026-03-02T08:00:00Z', source: 'terminal' };
const slow = (by: Person, n: number) =>
  by.api.post('/api/punches', { ...punch, employeeId: acme.employee.id, deviceId: `T${n}` });
const quick = (by: Person) => by.api.get('/api/auth/me');
const violated = ({ status, body }: Reply) => [status, body.violatedPolicies];
const untilUnderWay = (count: number) => untilWaiting(server.database, 'Lock', count);

describe('LIM-13: requests under way', () => {
  it('are bounded for each principal: one more is refused at once, and nothing is done', async () => {
    const running = [slow(acme.admin, 1), slow(acme.admin, 2)];
    await untilUnderWay(2);
    const refused = await slow(acme.admin, 3);
    expect([violated(refused), refused.headers.get('retry-after')]).toEqual([[429, ['concurrent-requests']], '1']);
    expect((await quick(acme.approver)).status).toBe(200);
    await lift();
    expect((await Promise.all(running)).map(({ status }) => status)).not.toContain(429);
    expect((await quick(acme.admin)).status).toBe(200);
    expect(await server.database.count('punches', `device_id = 'T3' AND tenant_id = $1`, [acme.id])).toBe(0);
  });

  it('are bounded for each tenant, and leave the others alone', async () => {
    const other = await server.world.tenant();
    const second = await acme.person({ role: 'admin' });
    const running = [slow(acme.admin, 1), slow(acme.admin, 2), slow(second, 3)];
    await untilUnderWay(3);
    expect(violated(await quick(acme.approver))).toEqual([429, ['concurrent-requests-of-tenant']]);
    expect((await quick(other.employee)).status).toBe(200);
    expect((await server.stranger.get('/ready')).status).toBe(200);
    await lift();
    await Promise.all(running);
    expect((await quick(acme.approver)).status).toBe(200);
  });

  it('give their place back when the client hangs up', async () => {
    const gone = new AbortController();
    const send = (n: number) =>
      fetch(`${server.url}/api/punches`, {
        method: 'POST',
        headers: { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...punch, employeeId: acme.employee.id, deviceId: `T${n}` }),
        signal: gone.signal,
      }).catch(() => undefined);
    const running = [send(1), send(2)];
    await untilUnderWay(2);
    expect((await quick(acme.admin)).status).toBe(429);
    gone.abort();
    await Promise.all(running);
    await until(async () => (await quick(acme.admin)).status === 200, 'the places are free again');
  });

  it('are as many as the tenant wants, where it wants fewer', async () => {
    const wanted = { quotas: { concurrentRequests: 1 } };
    expect((await acme.admin.api.put('/api/attendance/settings', wanted)).status).toBe(200);
    const running = slow(acme.admin, 1);
    await untilUnderWay(1);
    expect((await quick(acme.approver)).status).toBe(429);
    await lift();
    await running;
    expect((await quick(acme.approver)).status).toBe(200);
    const more = { quotas: { concurrentRequests: 4 } };
    expect((await acme.admin.api.put('/api/attendance/settings', more)).status).toBe(403);
  });
});
