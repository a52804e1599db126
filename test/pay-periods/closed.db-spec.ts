import { Client } from 'pg';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import { aDay, aPeriod, close, closedMarch, codeOf } from './scene';
import { untilWaiting } from '../support/faults';

const { server, tenant: acme } = tenantForEachTest({ DATABASE_LOCK_TIMEOUT_MS: '1500' }, startServer);
const logins: Client[] = [];
afterEach(async () => {
  await Promise.all(logins.splice(0).map((login) => login.end()));
});

/** The login of the server, inside the tenant, with nothing of the server around it. */
async function runtime(): Promise<Client> {
  const login = new Client({ connectionString: server.database.urls.runtime });
  logins.push(login);
  await login.connect();
  await login.query(`SELECT set_config('app.tenant_id', $1, false)`, [acme.id]);
  return login;
}

const day = (
  date: string,
) => `INSERT INTO day_records (tenant_id, employee_id, work_date, content_hash, status, scheduled_seconds, worked_seconds,
    payable_seconds, regular_seconds, overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds, exceptions, record)
  VALUES ('${acme.id}', '${acme.employee.id}', '${date}', '\\x00', 'present', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}')`;
const exception = (
  date: string,
) => `INSERT INTO attendance_exceptions (tenant_id, employee_id, work_date, code, anchor, status, occurred_at)
  VALUES ('${acme.id}', '${acme.employee.id}', '${date}', 'LATE', 'a', 'approved', now())`;
const leave = (date: string) => `INSERT INTO leave_entries (tenant_id, employee_id, work_date, code, created_by)
  VALUES ('${acme.id}', '${acme.employee.id}', '${date}', 'vacation', '${acme.admin.id}')`;
const holiday = (date: string) =>
  `INSERT INTO holidays (tenant_id, work_date, name) VALUES ('${acme.id}', '${date}', 'Feast')`;
const punch = (
  at: string,
  status = 'active',
) => `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by, status)
  VALUES ('${acme.id}', gen_random_uuid(), '${acme.employee.id}', 'in', '${at}', now(), 0, 'import', '{}', '${acme.admin.id}', '${status}')`;
const closedBy = { code: '23514', constraint: 'period_closed' };

describe('closed is closed, by any path', () => {
  it('for whoever holds the login of the server: nothing is inserted, changed or deleted', async () => {
    const login = await runtime();
    const inside = ['2026-03-01', '2026-03-31'] as const;
    for (const date of [...inside, '2026-04-01'])
      for (const insert of [day(date), exception(date), leave(date), holiday(date)]) await login.query(insert);
    await login.query(punch('2026-03-10T12:00:00Z'));
    await server.database.sql('DELETE FROM dirty_days WHERE tenant_id = $1', [acme.id]);
    await closedMarch(acme);
    const of = (date: string) => `WHERE tenant_id = '${acme.id}' AND work_date = '${date}'`;
    const attempts = [
      ...['2026-03-02', '2026-03-30'].flatMap((date) => [day(date), exception(date), leave(date), holiday(date)]),
      ...inside.flatMap((date) => [
        `UPDATE day_records SET payable_seconds = 1 ${of(date)}`,
        `UPDATE day_records SET approval = 'approved' ${of(date)}`,
        `DELETE FROM day_records ${of(date)}`,
        `UPDATE attendance_exceptions SET status = 'rejected' ${of(date)}`,
        `DELETE FROM leave_entries ${of(date)}`,
        `UPDATE holidays SET name = 'Other' ${of(date)}`,
        `DELETE FROM holidays ${of(date)}`,
      ]),
      punch('2026-03-10T13:00:00Z'),
      `UPDATE punches SET status = 'deleted' WHERE tenant_id = '${acme.id}'`,
      // Open and closed days together: none of them changes.
      `UPDATE day_records SET payable_seconds = 1 WHERE tenant_id = '${acme.id}'`,
    ];
    for (const attempt of attempts) {
      const failure: unknown = await login.query(attempt).catch((error: unknown) => error);
      expect([attempt, failure]).toEqual([attempt, expect.objectContaining(closedBy)]);
    }
    await login.query(`UPDATE day_records SET payable_seconds = 1 ${of('2026-04-01')}`);
    await login.query(punch('2026-03-10T13:00:00Z', 'quarantined'));
    expect(await server.database.count('day_records', 'tenant_id = $1 AND payable_seconds = 1', [acme.id])).toBe(1);
  });

  it('what it came to is never changed nor deleted', async () => {
    await aDay(server, acme, acme.employee, '2026-03-10');
    await closedMarch(acme);
    for (const attempt of ['UPDATE pay_period_totals SET days = 9', 'DELETE FROM pay_period_totals'])
      await expect(server.database.sql(attempt)).rejects.toThrow(/stays/);
  });
});

describe('closing takes turns with writers', () => {
  it('waits for a transaction that has written, and sees what it wrote', async () => {
    const id = await aPeriod(acme);
    const login = await runtime();
    await login.query('BEGIN');
    await login.query(day('2026-03-10'));
    const closing = close(acme.admin, id);
    await untilWaiting(server.database, 'Lock');
    await login.query('COMMIT');
    expect((await closing).status).toBe(200);
    expect(await server.database.count('pay_period_totals', 'period_id = $1 AND days = 1', [id])).toBe(1);
  });

  it('gives up when one does not end: 503, and nothing is closed', async () => {
    const id = await aPeriod(acme);
    const login = await runtime();
    await login.query('BEGIN');
    await login.query(day('2026-03-10'));
    const reply = await close(acme.admin, id);
    await login.query('ROLLBACK');
    expect([codeOf(reply), reply.headers.get('retry-after')]).toEqual([[503, 'service_unavailable'], '1']);
    expect((await close(acme.admin, id)).status).toBe(200);
  });

  it('refuses a transaction that began before it and writes after it', async () => {
    const id = await aPeriod(acme);
    const login = await runtime();
    await login.query('BEGIN');
    await login.query('SELECT count(*) FROM pay_periods');
    expect((await close(acme.admin, id)).status).toBe(200);
    await expect(login.query(day('2026-03-10'))).rejects.toMatchObject(closedBy);
  });

  it('while punches of its last date are recorded: each is either computed before, or told that it is too late', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => acme.person({})));
    const id = await aPeriod(acme, { startDate: '2026-03-01', endDate: '2026-03-31' });
    const tell = (employeeId: string) =>
      acme.admin.api.post('/api/punches', {
        employeeId,
        type: 'in',
        timestamp: '2026-03-31T22:00:00Z',
        source: 'terminal',
      });
    const settled = async () => {
      for (let reply = await close(acme.admin, id); ; reply = await close(acme.admin, id)) {
        if (reply.status === 200) return reply;
        expect(codeOf(reply)).toEqual([409, 'days_pending']);
        // What the worker would do: compute, and take the marks away.
        await server.database.sql('DELETE FROM dirty_days WHERE tenant_id = $1', [acme.id]);
      }
    };
    const [closed, ...told] = await Promise.all([settled(), ...people.map((person) => tell(person.id))]);
    expect(told.map(({ status }) => status)).toEqual(told.map(() => 201));
    const [row] = await server.database.sql<{ late: string; marks: string }>(
      `SELECT (SELECT count(*) FROM punches p JOIN pay_periods c ON c.id = $2 WHERE p.tenant_id = $1 AND p.status = 'active'
          AND p.received_at > c.closed_at) AS late,
        (SELECT count(*) FROM dirty_days WHERE tenant_id = $1) AS marks`,
      [acme.id, id],
    );
    expect([closed.body.status, row]).toEqual(['closed', { late: '0', marks: '0' }]);
    expect((await tell(acme.employee.id)).body.status).toBe('quarantined');
  });

  it('a punch that had looked before the closing and writes after it is in quarantine, also on the last date', async () => {
    const id = await aPeriod(acme);
    const blocker = await runtime();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT FROM users WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`, [
      acme.id,
      acme.employee.id,
    ]);
    const told = acme.admin.api.post('/api/punches', {
      employeeId: acme.employee.id,
      type: 'in',
      timestamp: '2026-03-31T22:00:00Z',
      source: 'terminal',
    });
    await untilWaiting(server.database, 'Lock');
    expect((await close(acme.admin, id)).status).toBe(200);
    await blocker.query('COMMIT');
    expect((await told).body.status).toBe('quarantined');
  });
});
