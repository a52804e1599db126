import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { aDay } from '../pay-periods/scene';
import { exported, manyPunches, path } from './scene';

const { server, tenant: acme } = tenantForEachTest();

const rowsOf = (text: string, delimiter = ',') => parse<Record<string, string>>(text, { columns: true, delimiter });
const punches = async (who: Person, query: Record<string, string> = {}) =>
  rowsOf((await exported(server, who, { kind: 'punches', ...query })).text);
const set = (who: Person, column: string, value: string) =>
  server.database.sql(`UPDATE users SET ${column} = $2 WHERE id = $1`, [who.id, value]);
/** A zone of always: what a person is told now would otherwise hold from now on. */
const livesIn = async (who: Person, zone: string) => {
  await set(who, 'time_zone', zone);
  await server.database.sql('DELETE FROM time_zone_history WHERE employee_id = $1', [who.id]);
};

describe('an export of punches', () => {
  it('tells UTC, and date and time by the clock of the person, by person and time', async () => {
    await livesIn(acme.employee, 'Asia/Tokyo');
    await manyPunches(server, acme, acme.employee, 2, '2026-03-02T20:00:00Z');
    await manyPunches(server, acme, acme.approver, 1, '2026-03-02T07:00:00Z');
    const { status, headers, text } = await exported(server, acme.admin, { kind: 'punches' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toBe('attachment; filename="punches.csv"');
    expect(text.split('\r\n')[0]).toBe(
      'employeeId,employeeNumber,employeeName,type,timestamp,localDate,localTime,timeZone,source,deviceId,latitude,longitude,flags,punchId',
    );
    const mine = rowsOf(text).filter((row) => row['employeeId'] === acme.employee.id);
    expect(mine).toMatchObject([
      {
        type: 'in',
        timestamp: '2026-03-02T20:01:00Z',
        localDate: '2026-03-03',
        localTime: '05:01:00',
        timeZone: 'Asia/Tokyo',
      },
      { type: 'out', timestamp: '2026-03-02T20:02:00Z', localDate: '2026-03-03' },
    ]);
    expect(rowsOf(text)).toHaveLength(3);
  });

  it('reads the clock that hung on the wall then', async () => {
    await server.database.sql(`UPDATE tenants SET time_zone = 'Europe/Berlin' WHERE id = $1`, [acme.id]);
    await server.database.sql('DELETE FROM time_zone_history WHERE tenant_id = $1', [acme.id]);
    await server.database.sql(
      `INSERT INTO time_zone_history (tenant_id, employee_id, valid_from, time_zone) VALUES ($1, $2, '-infinity', NULL), ($1, $2, '2026-03-10T00:00:00Z', 'America/New_York')`,
      [acme.id, acme.employee.id],
    );
    await manyPunches(server, acme, acme.employee, 1, '2026-03-02T07:59:00Z');
    await manyPunches(server, acme, acme.employee, 1, '2026-03-12T07:59:00Z');
    expect((await punches(acme.admin)).map((row) => [row['localTime'], row['timeZone']])).toEqual([
      ['09:00:00', 'Europe/Berlin'],
      ['04:00:00', 'America/New_York'],
    ]);
  });

  it('takes the dates of the person, both included', async () => {
    await livesIn(acme.employee, 'Pacific/Auckland');
    await manyPunches(server, acme, acme.employee, 48 * 60, '2026-03-01T11:00:00Z'); // local: from 2026-03-02T00:01
    const rows = await punches(acme.admin, { from: '2026-03-03', to: '2026-03-03' });
    expect(rows).toHaveLength(1440);
    expect(new Set(rows.map((row) => row['localDate']))).toEqual(new Set(['2026-03-03']));
  });

  it('is whole and in order over its pages, also where many punches share an instant', async () => {
    for (const who of [acme.employee, acme.approver, acme.admin]) await manyPunches(server, acme, who, 3000);
    await server.database.sql(
      `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
       SELECT $1, gen_random_uuid(), $2, 'in', '2026-03-02T08:00:00.123456Z', now(), 0, 'import', '{}', $2 FROM generate_series(1, 4500)`,
      [acme.id, acme.employee.id],
    );
    const rows = await punches(acme.admin);
    expect(new Set(rows.map((row) => row['punchId'])).size).toBe(13_500);
    expect(rows).toHaveLength(13_500);
    const order = rows.map((row) => [row['employeeId'], Date.parse(row['timestamp'] ?? '')].join(' '));
    expect(order).toEqual([...order].sort());
  });

  it('keeps leading zeros, and disarms what a spreadsheet would run', async () => {
    await set(acme.employee, 'employee_number', '000123');
    await set(acme.employee, 'name', '=HYPERLINK("http://x";"y"), Ada');
    await manyPunches(server, acme, acme.employee, 1);
    const { text } = await exported(server, acme.admin, { kind: 'punches' });
    expect(text.split('\r\n')[1]).toContain(`,000123,"'=HYPERLINK(""http://x"";""y""), Ada",in,`);
    const semicolons = await exported(server, acme.admin, { kind: 'punches', delimiter: ';' });
    expect(semicolons.text.split('\r\n')[1]).toContain(`;000123;"'=HYPERLINK(""http://x"";""y""), Ada";in;`);
    const lines = await exported(server, acme.admin, { kind: 'punches', format: 'ndjson' });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(JSON.parse(lines.text)).toMatchObject({
      employeeNumber: '000123',
      employeeName: '=HYPERLINK("http://x";"y"), Ada',
    });
    expect(JSON.parse(lines.text)).not.toHaveProperty('deviceId');
  });

  it('leaves out what does not count', async () => {
    await manyPunches(server, acme, acme.employee, 3);
    await server.database.sql(`UPDATE punches SET status = 'deleted' WHERE tenant_id = $1 AND type = 'out'`, [acme.id]);
    expect(await punches(acme.admin)).toHaveLength(2);
  });
});

describe('whose rows', () => {
  it('an approver exports their org unit, whatever the filters say; payroll and administrators everybody', async () => {
    const [north, south] = [randomUUID(), randomUUID()];
    const chief = await acme.person({ role: 'approver', orgUnitId: north });
    const payroll = await acme.person({ role: 'payroll', orgUnitId: south });
    const [ann, bob] = await Promise.all([north, south].map((orgUnitId) => acme.person({ orgUnitId })));
    if (!ann || !bob) throw new Error('nobody');
    for (const who of [ann, bob, acme.employee]) await manyPunches(server, acme, who, 1);
    const seen = async (who: Person, query = {}) => (await punches(who, query)).map((row) => row['employeeId']).sort();
    expect(await seen(chief)).toEqual([ann.id]);
    expect(await seen(chief, { employeeId: bob.id })).toEqual([]);
    expect(await seen(chief, { orgUnitId: south })).toEqual([]);
    expect(await seen(payroll)).toHaveLength(3);
    expect(await seen(acme.admin, { orgUnitId: south })).toEqual([bob.id]);
    expect(await seen(acme.admin, { employeeId: ann.id })).toEqual([ann.id]);
    expect((await acme.employee.api.get(path, { query: { kind: 'punches' } })).status).toBe(403);
  });

  it('TEN: nothing of another tenant comes out, named or not', async () => {
    const globex = await server.world.tenant();
    await manyPunches(server, globex, globex.employee, 3);
    expect(await punches(acme.admin)).toEqual([]);
    expect(await punches(acme.admin, { employeeId: globex.employee.id })).toEqual([]);
  });
});

it('exports days with minutes and approval, and exceptions with what was decided', async () => {
  await aDay(server, acme, acme.employee, '2026-03-02', { approved: true });
  await aDay(server, acme, acme.employee, '2026-03-03');
  await server.database.sql(
    `UPDATE day_records SET record = '{"firstIn": 1772438400, "lastOut": null}' WHERE tenant_id = $1`,
    [acme.id],
  );
  const days = rowsOf(
    (await exported(server, acme.admin, { kind: 'days', from: '2026-03-02', to: '2026-03-02' })).text,
  );
  expect(days).toMatchObject([
    {
      date: '2026-03-02',
      workedMinutes: '480',
      breakMinutes: '30',
      firstIn: '2026-03-02T08:00:00Z',
      lastOut: '',
      approval: 'approved',
    },
  ]);
  const json = (await exported(server, acme.admin, { kind: 'days', format: 'ndjson' })).text.trim().split('\n');
  expect(JSON.parse(json[1] ?? '')).toMatchObject({ date: '2026-03-03', workedMinutes: 480 });
  await server.database.sql(
    `INSERT INTO attendance_exceptions (tenant_id, employee_id, work_date, code, anchor, status, occurred_at, seconds, notes)
     SELECT $1, $2, '2026-03-02', 'LATE', n::text, CASE n WHEN 1 THEN 'rejected' WHEN 2 THEN 'cleared' ELSE 'open' END, '2026-03-02T08:10:00Z', 659, '@later' FROM generate_series(1, 3) n`,
    [acme.id, acme.employee.id],
  );
  const found = rowsOf((await exported(server, acme.admin, { kind: 'exceptions' })).text);
  expect(found).toMatchObject([
    { code: 'LATE', status: 'rejected', minutes: '10', notes: "'@later" },
    { status: 'open' },
  ]);
});

it('refuses what makes no sense', async () => {
  for (const query of [
    '',
    '?kind=totals',
    `?kind=punches&periodId=${randomUUID()}`,
    '?kind=punches&from=yesterday',
    '?kind=punches&delimiter=x',
    '?kind=punches&limit=1',
  ])
    expect([query, (await acme.admin.api.get(path + query)).status]).toEqual([query, 400]);
  const { status, body } = await acme.admin.api.get(`${path}?kind=punches&from=2026-03-02&to=2026-03-01`);
  expect([status, body.code]).toEqual([422, 'end_before_start']);
});

it('is for the networks of the tenant alone', async () => {
  const globex = await server.world.tenant('exports-elsewhere', { allowedNetworks: ['192.0.2.0/24'] });
  const { status, body } = await globex.admin.api.get(`${path}?kind=punches`);
  expect([status, body.code]).toEqual([403, 'IP_RESTRICTED']);
});
