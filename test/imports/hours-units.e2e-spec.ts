import { workbook } from './reading/workbooks';
import { importBase, ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';

type Body = Record<string, unknown>;
const hours = (...cells: string[]): Body => ({
  csvText: `pin;date;hours\n${cells.map((each, n) => `0077;2026-11-${16 + n};${each}\n`).join('')}`,
  dayStart: '09:00',
});

/** The guess about the hours of a file that is not stored before somebody says what they are. */
async function heldFor(body: Body) {
  const looked = await scene.preview(body);
  expect(looked.body).toMatchObject({
    warnings: ['ambiguous_hours'],
    guesses: [{ about: 'hoursUnit', mustBeSaid: true }],
  });
  const refused = await scene.commit(body, looked);
  const detail = expect.stringContaining('say hoursUnit: ') as string;
  const errors = [{ pointer: '/hoursUnit', code: 'ambiguous_hours', detail }];
  expect([refused.status, refused.body.errors]).toMatchObject([422, errors]);
  return (looked.body.guesses as unknown[])[0];
}

describe('the numbers of a column of hours hold the commit', () => {
  it.each([
    ['parts of a day', ['0.375', '0.354167', '0.5'], { value: 'days', instead: 'hours', supported: 2, of: 3 }],
    ['parts of a day, with commas', ['0,375', '0'], { value: 'days', supported: 1, of: 1, share: 1 }],
    ['short entries', ['0.5', '0.25', '0.75'], { value: 'hours', instead: 'days', supported: 0, of: 3 }],
    ['hours and minutes', ['7.30', '8.45', '7.15', '8'], { value: 'clock', instead: 'hours', supported: 3, of: 4 }],
    ['hours and minutes, with commas', ['7,30', '8,00'], { value: 'clock', supported: 1, of: 2, share: 0.5 }],
    ['minutes alone', ['0.30', '0.45'], { value: 'clock', instead: 'hours', supported: 2, of: 2 }],
  ])('where they look like %s: %s', async (_, cells, guess) => {
    expect(await heldFor(hours(...cells))).toMatchObject(guess);
  });

  it('of a workbook that lost its formats, too', async () => {
    const sheet = [
      ['pin', 'date', 'hours'],
      ['0077', { value: 46_342, style: 1 }, { value: 0.25 }],
    ];
    const body = { fileId: await scene.uploaded(workbook({ s: sheet })), dayStart: '09:00' };
    expect(await heldFor(body)).toMatchObject({ value: 'days', supported: 0, of: 1 });
    await scene.imported({ ...body, hoursUnit: 'days' });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 360 });
  });

  it.each([
    ['0.375', 'days', 540],
    ['0.75', 'hours', 45],
    ['7.30', 'clock', 450],
    ['7,30', 'clock', 450],
    ['7.30', 'hours', 438],
    ['7:30', 'days', 450],
  ])('until the request says what they are: %s in %s', async (cell, hoursUnit, payableMinutes) => {
    const body = { ...hours(cell), hoursUnit };
    expect((await scene.preview(body)).body).toMatchObject({ guesses: [], mapping: { hoursUnit } });
    await scene.imported(body);
    expect(await scene.paid(date)).toMatchObject({ payableMinutes });
  });

  it('or the mapping of a profile', async () => {
    const mapping = { fields: { employee: 'pin', date: 'date', hours: 'hours' }, dayStart: '09:00', hoursUnit: 'days' };
    const profile = { name: 'Sheet', kind: 'days', mapping };
    expect((await scene.acme.admin.api.post(`${importBase}/profiles`, profile)).status).toBe(201);
    await scene.imported({ ...hours('0.375'), profile: 'Sheet' });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 540 });
  });

  it('and are one unit then: what is another one is an error of its row', async () => {
    const looked = await scene.preview({ ...hours('7.30', '7.75', '8'), hoursUnit: 'clock' });
    const detail = 'not a number of hours, such as 7.30 or 7:30';
    expect(looked.body).toMatchObject({
      counts: { create: 4, reject: 1 },
      errors: [{ line: 3, value: '7.75', detail }],
    });
  });
});

it.each([
  ['a fraction that no clock has', ['7.30', '7.75']],
  ['a fraction of one digit', ['7.30', '8.5']],
  ['quarters of hours', ['7.50', '8.00', '8.25']],
  ['whole numbers', ['8', '7']],
  ['an entry of an hour among shorter ones', ['0.5', '1']],
])('the numbers of a column of hours are hours where there are %s', async (_, cells) => {
  expect((await scene.preview(hours(...cells))).body).toMatchObject({ warnings: [], errors: [], guesses: [] });
});

it('hours beside an in and an out are not asked about, since they are compared', async () => {
  const csvText = `pin;date;in;out;hours\n0077;${date};08:00;08:45;0.75\n`;
  expect((await scene.preview({ csvText })).body).toMatchObject({ warnings: [], errors: [], guesses: [] });
});

it('hours in another unit are what overriding replaces, and what a rollback brings back', async () => {
  await scene.imported({ ...hours('7.30'), hoursUnit: 'hours' });
  const { id, counts } = await scene.imported({ ...hours('7.30'), hoursUnit: 'clock', mode: 'override' });
  expect(counts).toMatchObject({ update: 1 });
  expect(await scene.paid(date)).toMatchObject({ payableMinutes: 450 });
  expect((await scene.acme.admin.api.post(`${importBase}/rollback/${id}`)).status).toBe(200);
  expect(await scene.paid(date)).toMatchObject({ payableMinutes: 438 });
});
