import * as fc from 'fast-check';
import { fileOf } from '../../src/tools/generate/file';
import { generate } from '../../src/tools/generate/generate';
import { SHAPES, type DayTruth, type GenerateOptions } from '../../src/tools/generate/options';
import { Random } from '../../src/tools/generate/random';
import type { Interpreted } from '../../src/attendance/imports/reading/draft';
import { localText } from '../../src/attendance/imports/reading/local-time';
import { TERMINAL_FIELDS } from '../../src/attendance/imports/reading/profiles';
import { interpreted, told } from '../imports/reading/scene';
import { runs } from '../support/runs';

const SMALL: GenerateOptions = {
  shape: 'plain-punches',
  seed: 1,
  people: 20,
  days: 10,
  from: '2026-03-25',
  timeZone: 'Europe/Berlin',
};
const textOf = (options: GenerateOptions) => [...generate(options).text].join('');

async function readBack(options: GenerateOptions, text: string): Promise<Interpreted[]> {
  const isTerminal = ['attlog', 'attlog-5', 'adms'].includes(options.shape);
  const mapping = isTerminal ? { fields: TERMINAL_FIELDS } : {};
  const file: Buffer[] = [];
  for await (const piece of fileOf(options.shape, [text])) file.push(piece);
  return interpreted(Buffer.concat(file), { timeZone: options.timeZone, fileName: options.shape, mapping });
}

function counts(rows: readonly Interpreted[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const row of rows) {
    for (const { code } of row.ok ? [] : row.errors) found[code] = (found[code] ?? 0) + 1;
  }
  return found;
}

describe('a generated file', () => {
  it('is the same for the same seed and another for another', () => {
    expect(textOf(SMALL)).toBe(textOf(SMALL));
    expect(textOf({ ...SMALL, seed: 2 })).not.toBe(textOf(SMALL));
    expect(new Random(42).next()).toBeCloseTo(0.6011037519201636, 12);
  });

  it.each(SHAPES)('as %s is read back as what is true about it', async (shape) => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          people: fc.integer({ min: 1, max: 25 }),
          days: fc.integer({ min: 1, max: 12 }),
          from: fc.constantFrom('2026-03-25', '2026-10-20', '2025-12-28'),
          timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
          faults: fc.constantFrom(0, 0.05, 0.5),
          site: fc.constantFrom('good' as const, 'bad' as const),
        }),
        async (given) => {
          const options = { ...given, shape };
          const { text, truth } = generate(options);
          const bare = ['attlog', 'attlog-5', 'adms'].includes(shape); // without a heading: known by four of five of its lines
          const file = [...text].join('');
          const { duplicate: _, unknown_person: __, ...faults } = truth.faults;
          const faulty = Object.values<number>(faults).reduce((sum, count) => sum + count, 0);
          fc.pre(!bare || faulty * 5 <= truth.rows);
          const rows = await readBack(options, file);
          expect(rows).toHaveLength(truth.rows);
          expect(counts(rows)).toEqual(faults);
          expect(rows.reduce((sum, row) => sum + (row.ok ? row.punches.length : 0), 0)).toBe(truth.readablePunches);
        },
      ),
      { numRuns: runs(15) },
    );
  });

  it.each(['plain-punches', 'plain-days', 'dingtalk-daily', 'ndjson', 'xlsx-punches', 'xlsx-days'] as const)(
    'as %s tells the days of each person',
    async (shape) => {
      const days: DayTruth[] = [];
      const options = { ...SMALL, shape, faults: 0, onDay: (day: DayTruth) => days.push(day) };
      const rows = await readBack(options, textOf(options));
      const found = rows.flatMap((row) =>
        row.ok ? row.punches.map(({ employeeRef, type, local }) => `${employeeRef} ${type} ${localText(local)}`) : [],
      );
      const expected = days.flatMap(({ employeeNumber, punches }) =>
        punches.map(({ type, local }) => `${employeeNumber} ${type} ${localText(local)}`),
      );
      expect(found.sort()).toEqual(expected.sort());
    },
  );

  it('names the people that it is told', async () => {
    const people = ['A-1', 'A-2', 'A-3'];
    const options = { ...SMALL, people: 3, faults: 0, employeeNumber: (index: number) => people[index] ?? '' };
    const rows = await readBack(options, textOf(options));
    expect([...new Set(rows.map((row) => (row.ok ? row.employeeRef : '')))].sort()).toEqual(people);
  });

  const ANY = ['duplicate', 'invalid_date', 'unknown_person', 'unreadable_row'];
  const NO_LINES = ['duplicate', 'invalid_date', 'unknown_person'];
  const TOLD = ['invalid_time', 'missing_value', 'value_too_long'];

  it.each([
    ['plain-punches', [...ANY, ...TOLD, 'unknown_type', 'wrong_column_count', 'nonexistent_local_time']],
    ['ndjson', [...ANY, ...TOLD, 'unknown_type', 'nonexistent_local_time']],
    ['plain-days', [...ANY, ...TOLD, 'wrong_column_count']],
    ['attlog', [...ANY, 'nonexistent_local_time']],
    ['xlsx-punches', [...NO_LINES, ...TOLD, 'unknown_type', 'nonexistent_local_time']],
    ['clockify', [...NO_LINES, ...TOLD, 'wrong_column_count']],
    ['toggl', [...ANY, ...TOLD, 'wrong_column_count']],
  ] as const)('as %s has every kind of fault and little of it', (shape, kinds) => {
    const { text, truth } = generate({ ...SMALL, shape, people: 200, days: 60, from: '2026-03-01' });
    for (const piece of text) expect(piece.length).toBeLessThan(70_000);
    const faulty = Object.values(truth.faults).reduce((sum, count) => sum + count, 0);
    expect(faulty / truth.rows).toBeGreaterThan(0.007);
    expect(faulty / truth.rows).toBeLessThan(0.013);
    expect(Object.keys(truth.faults).sort()).toEqual([...kinds].sort());
  });

  it('of a terminal has the measured noise', async () => {
    const days: DayTruth[] = [];
    const options = {
      ...SMALL,
      shape: 'attlog',
      people: 100,
      days: 40,
      faults: 0,
      site: 'bad',
      onDay: (day: DayTruth) => days.push(day),
    } as const;
    const lines = textOf(options).trimEnd().split('\r\n');
    expect(lines.filter((line) => line.split('\t')[3] === '0').length / lines.length).toBeCloseTo(0.98, 1);
    const taps = (day: DayTruth) =>
      day.punches.filter((punch, index) => index > 0 && punch.local - (day.punches[index - 1]?.local ?? 0) <= 10)
        .length;
    const doubled = days.reduce((sum, day) => sum + taps(day), 0);
    expect(doubled / (lines.length - doubled)).toBeCloseTo(0.11, 1);
    expect(days.filter((day) => day.punches.length - taps(day) === 1).length / days.length).toBeCloseTo(0.73, 1);
    expect(
      told(await interpreted(lines.join('\n')))
        .flat()
        .every((each) => each.startsWith('unknown')),
    ).toBe(true);
  });

  it('ends where it is told', () => {
    const { text, truth } = generate({ ...SMALL, maxRows: 100 });
    expect([[...text].join('').split('\r\n').length - 2, truth.rows]).toEqual([100, 100]);
  });
});
