import { Days } from '../days/scene';
import type { Reply } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';

let server: TestServer;
let acme: Tenant;
let days: Days;
const base = '/api/attendance/import';
const date = '2026-11-16';

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  acme = await server.world.tenant();
  days = new Days(server, acme);
  await server.database.sql(`UPDATE users SET employee_number = '0077' WHERE tenant_id = $1 AND id = $2`, [
    acme.id,
    acme.employee.id,
  ]);
});

type Body = Record<string, unknown>;
const preview = (body: Body) => acme.admin.api.post(`${base}/preview`, { timeZone: 'Europe/Berlin', ...body });
const commit = (body: Body, looked: Reply) =>
  acme.admin.api.post(`${base}/commit`, {
    timeZone: 'Europe/Berlin',
    ...body,
    commitToken: looked.body.commitToken as string,
  });

async function imported(body: Body): Promise<{ id: string; counts: Record<string, number> }> {
  const looked = await preview(body);
  expect([looked.status, looked.body.errors]).toEqual([200, []]);
  const done = await commit(body, looked);
  expect([done.status, done.body.counts]).toEqual([200, looked.body.counts]);
  return { id: done.body.batchId as string, counts: done.body.counts as Record<string, number> };
}

async function paid(): Promise<{ payableMinutes: number; breakMinutes: number }> {
  await days.compute();
  const { body } = await days.day(acme.employee, date);
  return { payableMinutes: body.payableMinutes as number, breakMinutes: body.breakMinutes as number };
}

const file = (pause: string) => `employeeNumber;date;in;out;breakMinutes\n0077;${date};08:00;17:00;${pause}\n`;

describe('the break column of a file of days', () => {
  it.each(['60', '1:00', '01:00:00', '1,0 h', '60 min', '1 Std.'])('BUG-03: takes %s off the pay', async (pause) => {
    await imported({ csvText: file(pause) });
    expect(await paid()).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });

  it.each([
    ['0:45', 495],
    ['0,75', 495],
    ['0.5', 510],
    ['0', 540],
  ])('BUG-03: with %s pays %i minutes', async (pause, payableMinutes) => {
    await imported({ csvText: file(pause) });
    expect(await paid()).toMatchObject({ payableMinutes });
  });

  it('BUG-03: is shown in the preview, and stored once', async () => {
    const looked = await preview({ csvText: file('60') });
    expect(looked.body.items[0].punches).toMatchObject([
      { type: 'in', local: `${date}T08:00:00` },
      { type: 'break_start', local: `${date}T12:00:00` },
      { type: 'break_end', local: `${date}T13:00:00` },
      { type: 'out', local: `${date}T17:00:00` },
    ]);
    expect((await imported({ csvText: file('60') })).counts).toMatchObject({ create: 4 });
    expect((await imported({ csvText: file('60') })).counts).toMatchObject({ create: 0, skip: 4 });
  });

  it('BUG-03: is replaced by an overriding file, and comes back with its rollback', async () => {
    await imported({ csvText: file('60') });
    const { id, counts } = await imported({ csvText: file('30'), mode: 'override' });
    expect(counts).toMatchObject({ create: 0, update: 1 });
    expect(await paid()).toEqual({ payableMinutes: 510, breakMinutes: 30 });
    expect((await acme.admin.api.post(`${base}/rollback/${id}`)).status).toBe(200);
    expect(await paid()).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });

  it('BUG-03: comes back in the error file, as it was written', async () => {
    const body = { csvText: file('lots') };
    const looked = await preview(body);
    expect(looked.body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ line: 2, column: 'breakMinutes', value: 'lots', code: 'invalid_break' }],
    });
    const { batchId } = (await commit(body, looked)).body as { batchId: string };
    const rows = await acme.admin.api.get(`${base}/batches/${batchId}/errors?as=rows`);
    const [header, row] = rows.text.split('\r\n');
    expect(header?.split(',').slice(0, 5)).toEqual(['employeeNumber', 'date', 'in', 'out', 'breakMinutes']);
    expect(row?.split(',').slice(0, 6)).toEqual(['0077', date, '08:00', '17:00', 'lots', 'invalid_break']);
  });
});
