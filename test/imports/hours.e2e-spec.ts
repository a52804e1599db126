import { ImportWorker } from '../../src/attendance/imports/jobs/import-worker';
import { importBase, ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-23';

const HEADER = 'Date,Client,Project,Task,Hours,Employee Id,Employee?';
const harvest = (...hours: string[]) => ({
  csvText: `${HEADER}\n${hours.map((each) => `${date},C,P,Dev,"${each}",0077,Yes\n`).join('')}`,
});

describe('a file of hours without times', () => {
  it.each(['7,5', '7.5', '7:30', '7h 30m'])('BUG-12: becomes a day from its start on: %s', async (hours) => {
    await scene.imported({ ...harvest(hours), dayStart: '09:00' });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 450 });
  });

  it('BUG-12: asks for the start of the day, row by row', async () => {
    expect((await scene.preview(harvest('7,5'))).body).toMatchObject({
      profile: { name: 'harvest' },
      counts: { create: 0, reject: 1 },
      errors: [{ column: 'Hours', code: 'missing_value', detail: expect.stringContaining('say dayStart') }],
    });
    const refused = await scene.preview({ ...harvest('7,5'), dayStart: '25:00' });
    expect([refused.status, refused.body.errors]).toMatchObject([400, [{ pointer: '/dayStart' }]]);
  });

  it.each([
    ['in the order of the rows', {}, ['09:00', '12:00', '12:00', '16:30']],
    ['in the opposite order', { entryOrder: 'reversed' }, ['13:30', '16:30', '09:00', '13:30']],
  ])('BUG-12: puts the entries of a date one behind the other, %s', async (_, order, times) => {
    const body = { ...harvest('3', '4,5', '0'), dayStart: '09:00', ...order };
    const items = (await scene.preview(body)).body.items as { punches: { local: string }[] }[];
    expect(items.flatMap(({ punches }) => punches.map(({ local }) => local.slice(11, 16)))).toEqual(times);
    await scene.imported(body);
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 450 });
    expect((await scene.imported(body)).counts).toMatchObject({ create: 0 });
  });

  it('BUG-12: has the start of the day from a profile', async () => {
    const fields = { employee: 'Employee Id', date: 'Date', hours: 'Hours' };
    const profile = { name: 'Worklogs', kind: 'days', mapping: { fields, dayStart: '08:00', entryOrder: 'reversed' } };
    expect((await scene.acme.admin.api.post(`${importBase}/profiles`, profile)).status).toBe(201);
    const body = { ...harvest('3', '4,5'), profile: 'Worklogs' };
    expect((await scene.preview(body)).body.items[0].punches[0].local).toBe(`${date}T12:30:00`);
    await scene.imported(body);
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 450 });
  });

  it('BUG-12: has no more than a day in a day', async () => {
    expect((await scene.preview({ ...harvest('20', '5'), dayStart: '00:00' })).body).toMatchObject({
      counts: { create: 2, reject: 1 },
      errors: [{ line: 3, column: 'Hours', value: '5', code: 'invalid_time' }],
    });
  });

  it('BUG-12: never takes a question for a person', async () => {
    const csvText = `Date,Client,Project,Task,Hours,Employee?\n${date},C,P,Dev,7,Yes\n`;
    const refused = await scene.preview({ csvText, dayStart: '09:00' });
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ code: 'mapping_incomplete' }]]);
  });

  it('BUG-12: is loaded as a job as it was previewed, break and all', async () => {
    const rows = Array.from(
      { length: 2_100 },
      (_, n) => `${n},0077,${n < 2 ? date : ''},${n < 2 ? '4' : ''},${n < 2 ? '30' : ''}`,
    );
    const body = { csvText: `n,pin,date,hours,break\n${rows.join('\n')}\n`, dayStart: '09:00' };
    const looked = await scene.preview(body);
    expect(looked.body.counts).toMatchObject({ create: 8, reject: 0 });
    const { jobId } = (await scene.commit(body, looked)).body as { jobId: string };
    await scene.server.app.get(ImportWorker, { strict: false }).drain();
    expect((await scene.acme.admin.api.get(`${importBase}/jobs/${jobId}`)).body).toMatchObject({ status: 'completed' });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });
});

describe('hours beside the times of a row', () => {
  const file = (heading: string, row: string) => ({ csvText: `employeeNumber,date,${heading}\n0077,${date},${row}\n` });

  it.each([
    ['in,hours', '08:00,7.5', 450],
    ['start,Duration', '08:00,7:30:00', 450],
    ['in,hours', '22:00,7.5', 450],
    ['in,hours,breakMinutes', '08:00,7.5,30', 450],
    ['in,out,hours', '08:00,15:30,7.5', 450],
    ['in,out,hours,breakMinutes', '08:00,16:00,7.5,30', 450],
  ])('BUG-12: give the end of an in, and agree with an out: %s %s', async (heading, row, payableMinutes) => {
    await scene.imported(file(heading, row));
    expect(await scene.paid(date)).toMatchObject({ payableMinutes });
  });

  it.each([
    ['in,out,hours', '08:00,16:00,5'],
    ['out,hours', '16:00,5'],
    ['in,hours', '08:00,lots'],
  ])('BUG-12: are an error of the row where they cannot be: %s %s', async (heading, row) => {
    expect((await scene.preview(file(heading, row))).body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ line: 2, column: 'hours', code: 'invalid_time' }],
    });
  });
});
