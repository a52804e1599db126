import { type Cell, workbook } from './reading/workbooks';
import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';
const HEADINGS = ['employeeNumber', 'date', 'in', 'out'];

type Body = Record<string, unknown>;
const text = (...rows: string[]): Body => ({
  csvText: `${HEADINGS.join(';')}\n${rows.map((row, n) => `0077;2026-11-${16 + n};${row}`).join('\n')}\n`,
});
const sheet = async (...rows: Cell[][]): Promise<Body> => {
  const days = rows.map((cells, n) => ['0077', `2026-11-${16 + n}`, ...cells]);
  return { fileId: await scene.uploaded(workbook({ s: [HEADINGS, ...days] })) };
};

/** The readings between which somebody has to choose before the file is stored. */
async function heldBetween(body: Body) {
  const looked = await scene.preview(body);
  expect(looked.body.warnings).toEqual(['ambiguous_times']);
  const [guess] = looked.body.guesses as { about: string; value: string; instead: string; supported: number }[];
  expect(guess).toMatchObject({ about: 'decimalTimes', supported: 0, mustBeSaid: true });
  const refused = await scene.commit(body, looked);
  const detail = expect.stringContaining(`${guess?.value} (`) as string;
  const errors = [{ pointer: '/decimalTimes', code: 'ambiguous_times', detail }];
  expect([refused.status, refused.body.errors]).toMatchObject([422, errors]);
  return [guess?.value, guess?.instead];
}

/** The times of a day as the preview reads them. */
async function timesOf(body: Body): Promise<string[]> {
  const looked = await scene.preview(body);
  expect(looked.body).toMatchObject({ errors: [], guesses: [] });
  const items = looked.body.items as { punches: { local: string }[] }[];
  return items.flatMap(({ punches }) => punches.map(({ local }) => local.slice(0, 16)));
}

describe('times with a comma', () => {
  it('hold the commit where all of them could be those of a clock', async () => {
    const body = text('8,30;17,15', '9;18');
    expect(await heldBetween(body)).toEqual(['minutes', 'hours']);
    expect(await timesOf({ ...text('8,30;17,15'), decimalTimes: 'minutes' })).toEqual([
      `${date}T08:30`,
      `${date}T17:15`,
    ]);
    expect(await timesOf({ ...text('8,30;17,15'), decimalTimes: 'hours' })).toEqual([`${date}T08:18`, `${date}T17:09`]);
    await scene.imported({ ...body, decimalTimes: 'minutes' });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 525 });
  });

  it.each([
    ['a fraction that no clock has decides', '8,75;17,30', 'hours', ['08:45', '17:18']],
    ['so does one of one digit', '8,5;17,30', 'hours', ['08:30', '17:18']],
    ['and a zero in front', '08,30;17,15', 'minutes', ['08:30', '17:15']],
    ['and full hours are the same in both', '8,00;17,00', 'minutes', ['08:00', '17:00']],
  ])('%s: %s', async (_, row, value, times) => {
    const looked = await scene.preview(text(row));
    expect(looked.body).toMatchObject({ warnings: [], errors: [], guesses: [{ about: 'decimalTimes', value }] });
    expect(looked.body.guesses[0]).not.toHaveProperty('mustBeSaid');
    const [{ punches }] = looked.body.items as [{ punches: { local: string }[] }];
    expect(punches.map(({ local }) => local.slice(11, 16))).toEqual(times);
  });

  it('are asked about beside parts of a day, and then those of a clock are', async () => {
    const rows = ['08,30;17,15', '0,375;18:00'];
    expect(await heldBetween(text(...rows))).toEqual(['days', 'hours']);
    const [first, , third] = await timesOf({ ...text(...rows), decimalTimes: 'days' });
    expect([first, third]).toEqual([`${date}T08:30`, '2026-11-17T09:00']);
  });
});

describe('times of a workbook with a point', () => {
  const nine = { value: 0.375 };

  it.each<[string, Cell[][]]>([
    [
      'a text',
      [
        ['08.30', '17:30'],
        [nine, '18:00'],
      ],
    ],
    [
      'a text, beside six in the morning',
      [
        ['08.30', { value: 0.75 }],
        [{ value: 0.25 }, '18:00'],
      ],
    ],
    [
      'a number',
      [
        [{ value: 7.75 }, '17:30'],
        [nine, '18:00'],
      ],
    ],
    [
      'a text and a number, beside 25:30',
      [
        ['17.30', { value: 1.0625, style: 4 }],
        ['7.75', '18:00'],
      ],
    ],
  ])('hold the commit beside parts of a day: %s', async (_, rows) => {
    expect(await heldBetween(await sheet(...rows))).toEqual(['days', 'hours']);
  });

  it('are those of a clock beside what is shown as 25:30, which is of the next day', async () => {
    const body = await sheet(['17.30', { value: 1.0625, style: 4 }]);
    const looked = await scene.preview(body);
    expect(looked.body.guesses).toMatchObject([
      { about: 'decimalTimes', value: 'days', supported: 1, of: 1, share: 1 },
    ]);
    await scene.imported(body);
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 480 });
  });

  it('are not asked about where there is none', async () => {
    const body = await sheet(['17:30', { value: 1.0625, style: 4 }], [{ value: 0.25 }, nine]);
    expect((await scene.preview(body)).body).toMatchObject({ warnings: [], errors: [], counts: { create: 4 } });
  });
});
