import { importBase, ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';
const file = (heading: string, ...breaks: string[]) => ({
  csvText: `employeeNumber;date;in;out;${heading}\n${breaks.map((each, n) => `0077;2026-11-${16 + n};08:00;17:00;${each}\n`).join('')}`,
});

/** The guess about the breaks of a file that is not stored before somebody says what they are. */
async function heldFor(body: Record<string, unknown>) {
  const looked = await scene.preview(body);
  expect(looked.body.warnings).toContain('ambiguous_breaks');
  const refused = await scene.commit(body, looked);
  const detail = expect.stringContaining('say breakUnit: ') as string;
  const errors = [{ pointer: '/mapping/breakUnit', code: 'ambiguous_breaks', detail }];
  expect([refused.status, refused.body.errors]).toMatchObject([422, errors]);
  const guess = (looked.body.guesses as { about: string }[]).find(({ about }) => about === 'breakUnit');
  expect(guess).toMatchObject({ mustBeSaid: true });
  return guess;
}

describe('the numbers of a column of breaks hold the commit', () => {
  it.each([
    ['where all are small whole numbers', ['1', '1', '1'], { value: 'minutes', instead: 'hours', supported: 0, of: 3 }],
    ['whatever rows without a break are there', ['0', '2', ''], { supported: 0, of: 1, share: 0 }],
    ['where fractions of hours stand beside minutes', ['0.5', '1', '90'], { value: 'minutes', supported: 1, of: 3 }],
    ['with commas, too', ['0,5', '45'], { value: 'minutes', instead: 'hours', supported: 1, of: 2, share: 0.5 }],
  ])('%s: %s', async (_, breaks, guess) => {
    expect(await heldFor(file('Pause', ...breaks))).toMatchObject(guess);
  });

  it('where they are like times of which nobody knows whether they are those of a clock', async () => {
    const csvText = `employeeNumber;date;in;out;break\n0077;${date};8,30;17,15;0,45\n`;
    expect(await heldFor({ csvText, decimalTimes: 'minutes' })).toMatchObject({ value: 'clock' });
    await scene.imported({ csvText, decimalTimes: 'minutes', breakUnit: 'clock' });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 45 });
  });

  it.each([
    ['hours', 60, 480],
    // So short a break is paid.
    ['minutes', 1, 540],
  ])('until the request says what they are: %s', async (breakUnit, breakMinutes, payableMinutes) => {
    const body = { ...file('break', '1'), breakUnit };
    expect((await scene.preview(body)).body).toMatchObject({ guesses: [], mapping: { breakUnit } });
    await scene.imported(body);
    expect(await scene.paid(date)).toEqual({ payableMinutes, breakMinutes });
  });

  it('or the mapping of a profile, which the request overrides', async () => {
    const fields = { employee: 'employeeNumber', date: 'date', in: 'in', out: 'out', breakMinutes: 'break' };
    const profile = { name: 'Gate', kind: 'days', mapping: { fields, breakUnit: 'hours' } };
    expect((await scene.acme.admin.api.post(`${importBase}/profiles`, profile)).status).toBe(201);
    const body = { ...file('break', '1'), profile: 'Gate' };
    expect((await scene.preview(body)).body).toMatchObject({ guesses: [], mapping: { breakUnit: 'hours' } });
    const other = (await scene.preview({ ...body, breakUnit: 'minutes' })).body;
    expect(other).toMatchObject({ guesses: [], mapping: { breakUnit: 'minutes' } });
  });

  it('and are one unit then: what is the other one is an error of its row', async () => {
    const looked = await scene.preview({ ...file('Pause', '0.5', '1', '90'), breakUnit: 'hours' });
    expect(looked.body).toMatchObject({ counts: { reject: 1 }, errors: [{ line: 4, code: 'invalid_break' }] });
  });
});

describe('the numbers of a column of breaks are read without a question', () => {
  it.each([
    ['minutes by their size', 'Pause', ['5', '1'], 'minutes'],
    ['hours by a fraction', 'Pause', ['0.5', '1'], 'hours'],
    ['minutes by their heading', 'breakMinutes', ['1', '2'], 'minutes'],
    ['hours by their heading', 'Pause (h)', ['1', '1'], 'hours'],
  ])('where they are %s: %s %s', async (_, heading, breaks, value) => {
    const looked = await scene.preview(file(heading, ...breaks));
    expect(looked.body).toMatchObject({ warnings: [], errors: [], guesses: [{ about: 'breakUnit', value }] });
    expect((await scene.commit(file(heading, ...breaks), looked)).status).toBe(200);
  });
});

it('a break in another unit is one that overriding replaces, and that a rollback brings back', async () => {
  await scene.imported({ ...file('break', '1'), breakUnit: 'minutes' });
  const { id, counts } = await scene.imported({ ...file('break', '1'), breakUnit: 'hours', mode: 'override' });
  expect(counts).toMatchObject({ update: 1 });
  expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  expect((await scene.acme.admin.api.post(`${importBase}/rollback/${id}`)).status).toBe(200);
  expect(await scene.paid(date)).toEqual({ payableMinutes: 540, breakMinutes: 1 });
});
