import { workbook } from './reading/workbooks';
import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';

const under = (heading: string, value: string, times = '08:00;17:00') => ({
  csvText: `employeeNumber;date;in;out;${heading}\n0077;${date};${times};${value}\n`,
});

/** The minutes between the start and the end of the break, as the preview shows them. */
async function shownBreak(body: { csvText: string }): Promise<number> {
  const looked = await scene.preview(body);
  expect(looked.body).toMatchObject({ errors: [], warnings: [], unreadColumns: [] });
  const { punches } = looked.body.items[0] as { punches: { type: string; local: string }[] };
  const at = (type: string) => Date.parse(punches.find((punch) => punch.type === type)?.local ?? '');
  return (at('break_end') - at('break_start')) / 60_000;
}

describe('the heading of a break column', () => {
  it('BUG-03: is known in many words and languages', async () => {
    const headings = `Break (min)|BreakMin|Lunch (min)|Lunch Break|Meal Break|Unpaid Break|Breaks|Pausenzeit|Pausendauer|
      Mittagspause|Ruhepause|unbezahlte Pause|Pause in Minuten|pauseMinutes|Pausa|Pauze|Paus|Temps de pause|Pause déjeuner|
      Descanso (min)|Almuerzo|休息时间|休憩時間|Break Time (hh:mm)|Total breaks|Pauses|休息|Pausa pranzo`;
    for (const heading of headings.split('|').map((each) => each.trim()))
      expect([heading, await shownBreak(under(heading, '60'))]).toEqual([heading, 60]);
  });

  it.each(['breakHours', 'Pause Std', 'Pause (h)', 'Break in hours', 'Pausenstunden', 'Heures de pause', '休憩(小时)'])(
    'BUG-03: says that its numbers are of hours: %s',
    async (heading) => {
      await scene.imported(under(heading, '1'));
      expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
    },
  );

  it.each([
    ['Pause (min)', '7,5', 7.5],
    ['Pause (h)', '1,25', 75],
    ['Pause (min)', '0:30', 30],
    ['Pause (h)', '45 min', 45],
  ])('BUG-03: decides for bare numbers alone: %s with %s', async (heading, value, minutes) => {
    expect(await shownBreak(under(heading, value))).toBe(minutes);
  });

  it('BUG-03: says the unit of a column that only the mapping names', async () => {
    const fields = { employee: 'employeeNumber', date: 'date', in: 'in', out: 'out', breakMinutes: 'Pause (h)' };
    const csvText = `employeeNumber;date;in;out;break;Pause (h)\n0077;${date};08:00;17:00;15;1\n`;
    await scene.imported({ csvText, mapping: { fields, ignoreColumns: ['break'] } });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });
});

describe('the numbers of a break column', () => {
  it.each([
    ['0.30', '08.30;16.45', 'clock', 30],
    ['0.45', '08.30;16.45', 'clock', 45],
    ['1.00', '08.30;16.45', 'clock', 60],
    ['0.75', '08.30;16.45', 'hours', 45],
    ['0.30', '08:30;16:45', 'hours', 18],
    ['0.0416667', '0.333333;0.708333', 'days', 60],
    ['0.125', '0.333333;0.708333', 'days', 180],
    ['0.0208333', '08:00;17:00', 'days', 30],
    ['0.5', '0.333333;0.708333', 'hours', 30],
  ])('BUG-03: are written as the times are: %s beside %s', async (value, times, unit, minutes) => {
    const body = under('breakMinutes', value, times);
    expect(await shownBreak(under('Pause', value, times))).toBe(minutes);
    expect(await shownBreak(body)).toBe(minutes);
    const guesses = (await scene.preview(body)).body.guesses as { about: string; value: string }[];
    expect(guesses.find(({ about }) => about === 'breakUnit')).toMatchObject({ value: unit });
  });

  it('BUG-21: are parts of a day in a workbook that lost its formats', async () => {
    const cells = [8 / 24, 17 / 24, 1 / 24].map((value) => ({ value }));
    const sheet = [
      ['employeeNumber', 'date', 'in', 'out', 'breakMinutes'],
      ['0077', { value: 46_342, style: 1 }, ...cells],
    ];
    await scene.imported({ fileId: await scene.uploaded(workbook({ s: sheet })) });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });
});

describe('a column that is not read', () => {
  it.each(['Paid break', 'Lunch In', 'Break type', 'Number of breaks', 'Project'])(
    'A.2: is named in the preview: %s',
    async (heading) => {
      expect((await scene.preview(under(heading, '1'))).body).toMatchObject({
        warnings: ['column_unread'],
        unreadColumns: [heading],
        counts: { create: 2 },
      });
    },
  );

  it('A.2: is none where the heading and the cells are empty, and none of what an error file adds', async () => {
    expect((await scene.preview(under('', ''))).body).toMatchObject({ warnings: [], unreadColumns: [] });
    const errors = under('error_code;error_column;error_detail;line', 'invalid_time;in;not a time of day;2');
    expect((await scene.preview(errors)).body).toMatchObject({ warnings: [], unreadColumns: [] });
  });
});
