import { ReadingEvidence } from '../../../src/attendance/imports/reading/evidence';

const columns = ['employee', 'date', 'in', 'out', 'break'];
const fields = { employee: 'employee', date: 'date', in: 'in', out: 'out', breakMinutes: 'break' };
const now = Date.UTC(2026, 10, 26) / 1000;

/** What rows of a date, an in, an out and a break say; several times over, as a file repeats its dates and times. */
function said(rows: readonly string[], repeated = 1) {
  const evidence = new ReadingEvidence(columns, fields, false, now);
  const cells = rows.map((row, index) => ({ line: index + 2, cells: ['1', ...row.split(';')] }));
  for (let n = 0; n < repeated; n += 1) evidence.add(cells);
  const [order, times, breaks] = [evidence.dateFormat(), evidence.times.decimalTimes(), evidence.breaks.breakUnit()];
  const guesses = evidence.guesses('MM/DD/YYYY').map(({ about, supported, of }) => `${about} ${supported}/${of}`);
  return { order, times, breaks, guesses: guesses.join(', ') };
}

describe('what the rows of a file say', () => {
  it.each([
    ['30/10/2026;08:00;17:00;30', 'DD/MM/YYYY', undefined, 'minutes', 'dateFormat 1/1, breakUnit 1/1'],
    ['05/11/2026;08:00;17:00;', null, undefined, 'minutes', 'dateFormat 0/1'],
    ['2026-11-05;8.30;16.45;0.30', 'YYYY-MM-DD', 'minutes', 'clock', 'decimalTimes 0/1, breakUnit 1/1'],
    ['2026-11-05;08.30;16.75;0,5', 'YYYY-MM-DD', 'hours', 'hours', 'decimalTimes 1/1, breakUnit 1/1'],
    ['2026-11-05;0.375;1;0.0416', 'YYYY-MM-DD', 'days', 'days', 'decimalTimes 1/1, breakUnit 1/1'],
    ['26-11-6;08:00;17:00;0', 'YYYY-MM-DD', undefined, undefined, ''],
    ['26-11-16;08:00;17:00;1', 'YYYY-MM-DD', undefined, 'minutes', 'dateFormat 0/1, breakUnit 0/1'],
    [';05/11/2026 08:00;13/11/2026 17:00;', 'DD/MM/YYYY', undefined, 'minutes', 'dateFormat 1/1'],
    ['Mo, 16.11.26;08.30.00;17.00.00;', 'DD.MM.YYYY', undefined, 'minutes', 'dateFormat 1/1'],
  ])('%s', (row, order, times, breaks, guesses) => {
    const { breaks: unit, ...others } = said([row]);
    expect(others).toEqual({ order, times, guesses });
    if (guesses.includes('breakUnit')) expect(unit).toBe(breaks);
  });

  it('is counted by rows, however often the same cells come', () => {
    const rows = ['30/10/2026;8.30;16.75;30', '05/10/2026;08.30;16.45;0,5', '26/10/26;9;17;0'];
    expect(said(rows)).toMatchObject({ guesses: 'dateFormat 2/3, decimalTimes 1/2, breakUnit 1/2' });
    expect(said(rows, 10_000)).toMatchObject({
      guesses: 'dateFormat 20000/30000, decimalTimes 10000/20000, breakUnit 10000/20000',
    });
  });

  it('is the same of a row with a cell longer than any that is remembered', () => {
    const padded = ' '.repeat(60);
    expect(said([`30/10/2026${padded};08.30${padded};16.45;30${padded}`])).toEqual(said(['30/10/2026;08.30;16.45;30']));
  });
});
