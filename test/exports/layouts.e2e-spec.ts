import { amountText } from '../../src/attendance/exports/layouts/layout-lines';
import { ExportWorker } from '../../src/attendance/exports/jobs/export-worker';
import { aDay, aPeriod, close, closedMarch } from '../pay-periods/scene';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { exported } from './scene';

const layouts = '/api/attendance/export/layouts';
const HOUR = 3600;
const { server, tenant: acme } = tenantForEachTest();

const north = (changes: Record<string, unknown> = {}) => ({
  name: 'Payroll North',
  delimiter: ';',
  columns: [
    { heading: 'No', value: 'employeeNumber' },
    { heading: 'Name', value: 'employeeName' },
    { heading: 'Wage type', value: 'payCode' },
    { heading: 'Hours', value: 'amount' },
    { heading: 'Of', value: 'date' },
    { heading: 'Firm', value: 'text', text: '77' },
  ],
  payCodes: [
    { source: 'regular', code: '1000' },
    { source: 'overtime*', rate: 1.5, code: '1050' },
    { source: 'premium:*', code: '=2010' },
    { source: 'manual', code: '1000' },
  ],
  amount: { unit: 'hours', decimals: 2, decimalMark: ',' },
  dateFormat: 'DD.MM.YYYY',
  ...changes,
});
const stored = async (body: Record<string, unknown> = north()) =>
  (await acme.admin.api.post(layouts, body)).body as { id: string; version: number };
const file = (by: Person, periodId: string, layout: string) =>
  exported(server, by, { kind: 'totals', periodId, layout });
const number = (who: Person, value: string | null) =>
  server.database.sql('UPDATE users SET employee_number = $2, name = $3 WHERE id = $1', [
    who.id,
    value,
    `N ${value ?? ''}`,
  ]);

it('a closed period becomes the file that a payroll system wants: a line for each pay code, adjustments on their own', async () => {
  await number(acme.employee, '0042');
  const buckets = [
    { source: 'regular', rate: 1, seconds: 8 * HOUR },
    { source: 'overtime:weekly', rate: 1.5, seconds: 1.5 * HOUR },
    { source: 'premium:night', rate: 0.25, seconds: 2 * HOUR },
  ];
  await aDay(server, acme, acme.employee, '2026-03-02', { seconds: 9.5 * HOUR, buckets });
  await aDay(server, acme, acme.employee, '2026-03-03');
  await acme.admin.api.post('/api/adjustments', {
    employeeId: acme.employee.id,
    date: '2026-02-27',
    minutes: -20,
    reason: 'told too late',
  });
  const periodId = await closedMarch(acme);
  const { id, version } = await stored();
  const made = await file(acme.admin, periodId, id);
  expect([made.status, made.text.split('\r\n')]).toEqual([
    200,
    [
      'No;Name;Wage type;Hours;Of;Firm',
      '0042;N 0042;1000;16,00;;77',
      '0042;N 0042;1050;1,50;;77',
      "0042;N 0042;'=2010;2,00;;77",
      '0042;N 0042;1000;-0,33;27.02.2026;77',
      '',
    ],
  ]);
  expect(made.headers.get('content-disposition')).toContain('payroll-2026-03-01-2026-03-31-r1.csv');

  // The same bytes whatever happens to people afterwards; another version of the layout is another file with another ETag.
  await number(acme.employee, '0043');
  const again = await file(acme.admin, periodId, id);
  expect([again.text, again.headers.get('etag')]).toEqual([made.text, made.headers.get('etag')]);
  const changed = await acme.admin.api.put(`${layouts}/${id}`, north({ amount: { unit: 'minutes' }, header: false }), {
    headers: { 'if-match': `"${version}"` },
  });
  expect([changed.status, changed.body.version]).toEqual([200, 2]);
  const other = await file(acme.admin, periodId, id);
  expect(other.text.split('\r\n')[0]).toBe('0042;N 0042;1000;960;;77');
  expect(other.headers.get('etag')).not.toBe(made.headers.get('etag'));
});

it('hours without a pay code, and people without a number, keep the file from being made, and are named', async () => {
  await number(acme.employee, null);
  await aDay(server, acme, acme.employee, '2026-03-02', {
    buckets: [{ source: 'holiday', rate: 2, seconds: HOUR }],
  });
  const periodId = await closedMarch(acme);
  const { id } = await stored();
  const refused = await acme.admin.api.get('/api/attendance/export', {
    query: { kind: 'totals', periodId, layout: id },
  });
  expect([refused.status, refused.body.code]).toEqual([422, 'layout_incomplete']);
  expect((refused.body.errors as { code: string }[]).map(({ code }) => code).sort()).toEqual([
    'employee_number_missing',
    'pay_code_missing',
  ]);
  expect(JSON.stringify(refused.body.errors)).toContain('holiday at 2');

  // Left out on purpose is said with a code of null.
  const payCodes = [{ source: '*', code: null }];
  const nothing = await stored(
    north({
      name: 'None',
      payCodes,
      columns: [
        { heading: 'Id', value: 'employeeId' },
        { heading: 'H', value: 'amount' },
      ],
    }),
  );
  expect((await file(acme.admin, periodId, nothing.id)).text).toBe('Id;H\r\n');
});

it('hours that a layout leaves out on purpose are told with the file, and by the job that makes it', async () => {
  await number(acme.employee, '0042');
  const buckets = [
    { source: 'regular', rate: 1, seconds: 8 * HOUR - 1 },
    { source: 'premium:Nacht (früh)', rate: 1.25, seconds: HOUR + 1 },
  ];
  await aDay(server, acme, acme.employee, '2026-03-02', { seconds: 9 * HOUR, buckets });
  await number(acme.approver, '0043');
  await aDay(server, acme, acme.approver, '2026-03-02');
  const adjustment = { employeeId: acme.employee.id, date: '2026-02-27', minutes: -20, reason: 'told too late' };
  await acme.admin.api.post('/api/adjustments', adjustment);
  const periodId = await closedMarch(acme);
  const payCodes = [
    { source: 'regular', code: '1000' },
    { source: '*', code: null },
  ];
  await stored(north({ payCodes }));
  const query = { kind: 'totals', periodId, layout: 'payroll NORTH' };
  const made = await exported(server, acme.admin, query);
  expect(made.text.split('\r\n').slice(1)).toEqual(['0042;N 0042;1000;8,00;;77', '0043;N 0043;1000;8,00;;77', '']);
  expect(made.headers.get('x-left-out-minutes')).toBe('premium:Nacht%20(fr%C3%BCh)@1.25=60, manual@1=-20;adjustment');

  const { body: job } = await acme.admin.api.post('/api/attendance/export/jobs', query);
  await server.app.get(ExportWorker, { strict: false }).drain();
  const done = await acme.admin.api.get(`/api/attendance/export/jobs/${job.id as string}`);
  expect(done.body).toMatchObject({
    status: 'completed',
    leftOut: [
      { line: 'total', source: 'premium:Nacht (früh)', rate: 1.25, minutes: 60 },
      { line: 'adjustment', source: 'manual', rate: 1, minutes: -20 },
    ],
  });
});

it('names in a header no more of what it leaves out than 1,000 bytes hold, and counts the others', async () => {
  const buckets = Array.from({ length: 40 }, (_, n) => ({
    source: `premium:夜勤手当 ${n + 10}`,
    rate: 1.25,
    seconds: 600,
  }));
  await number(acme.employee, '0042');
  await aDay(server, acme, acme.employee, '2026-03-02', { seconds: 40 * 600, buckets });
  const { id } = await stored(north({ payCodes: [{ source: '*', code: null }] }));
  const { headers } = await file(acme.admin, await closedMarch(acme), id);
  const entries = (headers.get('x-left-out-minutes') ?? '').split(', ');
  const others = Number(entries.pop()?.replace('others=', ''));
  expect(entries.length + others).toBe(40);
  expect(entries.map((entry) => decodeURIComponent(entry))).toEqual(
    buckets.slice(0, entries.length).map(({ source }) => `${source}@1.25=10`),
  );
  const { length } = entries.join(', ');
  expect([length > 900, length <= 1_000]).toEqual([true, true]);
});

it('is named by its id or by its name, and refused by a clear word where there is none', async () => {
  await number(acme.employee, '0042');
  await aDay(server, acme, acme.employee, '2026-03-02');
  const periodId = await closedMarch(acme);
  const { id } = await stored();
  const whole = await file(acme.admin, periodId, id);
  expect([whole.status, whole.headers.get('x-left-out-minutes')]).toEqual([200, null]);
  for (const called of [id.toUpperCase(), 'Payroll North', ' payroll north ']) {
    const made = await file(acme.admin, periodId, called);
    expect([made.status, made.text, made.headers.get('etag')]).toEqual([200, whole.text, whole.headers.get('etag')]);
  }
  // Another layout that bears the id as its name changes nothing: the id comes first.
  await stored(north({ name: id, header: false }));
  expect((await file(acme.admin, periodId, id)).text).toBe(whole.text);
  const query = { kind: 'totals', periodId, layout: 'Payroll South' };
  const unknown = await acme.admin.api.get('/api/attendance/export', { query });
  expect([unknown.status, unknown.body.errors]).toEqual([
    400,
    [{ pointer: '?layout', code: 'not_found', detail: 'is neither the id nor the name of a layout of this tenant' }],
  ]);
});

it('is of closed periods, of its own tenant, and as csv alone', async () => {
  const open = await aPeriod(acme);
  const { id } = await stored();
  const ask = (query: Record<string, string>, by = acme.admin) => by.api.get('/api/attendance/export', { query });
  expect((await ask({ kind: 'totals', periodId: open, layout: id })).body.code).toBe('period_not_closed');
  expect((await close(acme.admin, open)).status).toBe(200);
  expect((await ask({ kind: 'totals', periodId: open, layout: id, format: 'xlsx' })).body.errors[0].pointer).toBe(
    '?layout',
  );
  expect((await ask({ kind: 'punches', layout: id })).body.errors[0].pointer).toBe('?layout');
  const unknown = await ask({ kind: 'totals', periodId: open, layout: crypto.randomUUID() });
  expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([400, '?layout']);
  const globex = await server.world.tenant();
  expect((await globex.admin.api.get(`${layouts}/${id}`)).status).toBe(404);
  expect((await globex.admin.api.get(layouts)).body.data).toEqual([]);
});

it('is stored once a name, changed by who has read it, and leaves evidence', async () => {
  const { id } = await stored();
  const taken = await acme.admin.api.post(layouts, north({ name: 'payroll NORTH' }));
  expect([taken.status, taken.body.errors[0].pointer]).toEqual([409, '/name']);
  const stale = await acme.admin.api.put(`${layouts}/${id}`, north(), { headers: { 'if-match': '"7"' } });
  expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
  const nobody = await acme.admin.api.post(layouts, north({ columns: [{ heading: 'H', value: 'amount' }] }));
  expect([nobody.status, nobody.body.errors[0].pointer]).toEqual([400, '/columns']);
  const clerk = await acme.person({ role: 'payroll' });
  expect((await clerk.api.get(layouts)).body.data).toHaveLength(1);
  expect((await acme.approver.api.get(layouts)).status).toBe(403);
  expect((await clerk.api.delete(`${layouts}/${id}`)).status).toBe(200);
  const entries = await server.database.sql(
    `SELECT action, changes->'before'->>'name' AS before, changes->'after'->>'name' AS after FROM audit_logs
     WHERE tenant_id = $1 AND entity = 'export_layout' ORDER BY id`,
    [acme.id],
  );
  expect(entries).toEqual([
    { action: 'create', before: null, after: 'Payroll North' },
    { action: 'delete', before: 'Payroll North', after: null },
  ]);
});

it.each([
  [5400, { unit: 'hours', decimals: 2, decimalMark: '.' }, '1.50'],
  [1200, { unit: 'hours', decimals: 2, decimalMark: '.' }, '0.33'],
  [-1200, { unit: 'hours', decimals: 1, decimalMark: ',' }, '-0,3'],
  [18, { unit: 'hours', decimals: 2, decimalMark: '.' }, '0.01'],
  [17, { unit: 'hours', decimals: 2, decimalMark: '.' }, '0.00'],
  [-17, { unit: 'hours', decimals: 2, decimalMark: '.' }, '0.00'],
  [1800, { unit: 'hours', decimals: 0, decimalMark: '.' }, '1'],
  [3599, { unit: 'minutes', decimals: 2, decimalMark: '.' }, '59'],
  [-3600 * 100 - 60, { unit: 'hh:mm', decimals: 2, decimalMark: '.' }, '-100:01'],
] as const)('%i s as %o is %s', (seconds, amount, text) => {
  expect(amountText(amount, seconds)).toBe(text);
});
