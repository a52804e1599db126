import {
  compareDay,
  type KnownPunch,
  successors,
  type ReportedPunch,
} from '../../src/attendance/imports/comparing/compare-day';
import { punchesOfDay } from '../../src/attendance/imports/comparing/punches-of-day';
import { wholeDays } from '../../src/attendance/imports/comparing/whole-days';
import type { Interpreted } from '../../src/attendance/imports/reading/draft';
import type { RecordedType } from '../../src/attendance/punches/presence';

const HOUR = 3600;
/** `in 1 22:00`: on the first day of a calendar that knows no zones. */
const parsed = (text: string) => {
  const [type = '', day = '', clock = ''] = text.split(' ');
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return { type: type as RecordedType, at: Number(day) * 24 * HOUR + hours * HOUR + minutes * 60 };
};
const midnights = (day: number) => ({ from: day * 24 * HOUR, to: (day + 1) * 24 * HOUR });

describe('the punches of a day', () => {
  const cases: [what: string, standing: string[], last: string | null, ofDay: number[]][] = [
    ['are those of its date', ['in 1 08:00', 'out 1 17:00', 'in 2 08:00', 'out 2 17:00', 'in 3 08:00'], null, [2, 3]],
    ['are none where nothing stands', [], null, []],
    ['begin behind the end of the night before', ['in 1 22:00', 'out 2 06:00', 'in 2 22:00'], null, [2]],
    [
      'begin behind the breaks of the night before, too',
      ['in 1 22:00', 'break_start 2 02:00', 'break_end 2 02:30', 'out 2 06:00', 'in 2 22:00'],
      null,
      [4],
    ],
    ['go on to the end of their night', ['in 2 22:00', 'out 3 06:00', 'in 3 22:00'], null, [0, 1]],
    [
      'go on to the last punch of the row',
      ['in 2 18:00', 'out 2 23:00', 'in 3 01:00', 'out 3 04:00'],
      'out 3 04:00',
      [0, 1, 2, 3],
    ],
    ['hold an end without a beginning, where nobody was in', ['in 1 08:00', 'out 1 17:00', 'out 2 06:00'], null, [2]],
    ['hold an end that comes too late for the night before', ['in 1 08:00', 'out 2 17:00'], null, [1]],
    ['hold a second end: the first one ended the night', ['in 1 22:00', 'out 2 06:00', 'out 2 14:00'], null, [2]],
    [
      'hold a beginning although the night before has no end',
      ['in 1 22:00', 'in 2 08:00', 'out 2 17:00'],
      null,
      [1, 2],
    ],
    ['hold punches that say no direction', ['in 1 22:00', 'unknown 2 06:00', 'unknown 2 14:00'], null, [1, 2]],
    [
      'end what ended at the very instant at which something begins',
      ['in 1 22:00', 'in 2 06:00', 'out 2 06:00'],
      null,
      [1],
    ],
    ['leave out a midnight that belongs to the next day', ['in 2 08:00', 'out 2 17:00', 'in 3 00:00'], null, [0, 1]],
  ];
  it.each(cases)('%s', (_, standing, last, expected) => {
    const punches = standing.map(parsed);
    const span = midnights(2);
    const to = last === null ? span.to : Math.max(span.to, parsed(last).at + 1);
    const found = punchesOfDay(punches, { ...span, to });
    expect(found.map((punch) => punches.indexOf(punch)).sort()).toEqual(expected);
  });

  it('belong to one day each', () => {
    const punches = [
      'in 1 22:00',
      'out 2 06:00',
      'in 2 22:00',
      'break_start 3 01:00',
      'break_end 3 01:30',
      'out 3 06:00',
    ].map(parsed);
    const days = [0, 1, 2, 3, 4].flatMap((day) => punchesOfDay(punches, midnights(day)));
    expect(days).toEqual(punches);
  });
});

describe('a row and what stands', () => {
  const told = (...texts: string[]): ReportedPunch[] => texts.map((text) => ({ ...parsed(text), line: 2 }));
  /** `in 2 09:00 deleted`, `in 2 09:00 superseded>3`; ids count from 0. */
  const known = (...texts: string[]): KnownPunch[] =>
    texts.map((text, index) => {
      const [standing = 'active', by] = (text.split(' ')[3] ?? 'active').split('>');
      const isReplaced = standing === 'replaced';
      return {
        ...parsed(text),
        id: String(index),
        status: (isReplaced ? 'superseded' : standing === 'own' ? 'active' : standing) as KnownPunch['status'],
        supersededBy: by ?? null,
        own: standing === 'own',
        replaced: isReplaced,
      };
    });
  const cases: [what: string, row: string[], stands: string[], missing: number, extra: string[]][] = [
    ['nothing stands', ['in 2 09:00', 'out 2 17:00'], [], 2, []],
    ['the same stands', ['in 2 09:00', 'out 2 17:00'], ['in 2 09:00', 'out 2 17:00'], 0, []],
    ['a part stands', ['in 2 09:00', 'out 2 17:00'], ['in 2 09:00'], 1, []],
    ['more stands', ['in 2 09:00', 'out 2 17:00'], ['in 2 09:00', 'break_start 2 12:00', 'out 2 17:00'], 0, ['1']],
    ['another time stands', ['in 2 09:00'], ['in 2 09:15'], 1, ['0']],
    [
      'it was corrected since',
      ['in 2 09:00', 'out 2 17:00'],
      ['in 2 09:00 superseded>1', 'in 2 09:05', 'out 2 17:00'],
      0,
      [],
    ],
    [
      'it was corrected twice since',
      ['in 2 09:00', 'out 2 17:00'],
      ['in 2 09:00 superseded>1', 'in 2 09:05 superseded>2', 'in 2 09:06', 'out 2 17:00'],
      0,
      [],
    ],
    ['it was deleted since', ['in 2 09:00', 'out 2 17:00'], ['in 2 09:00 deleted', 'out 2 17:00'], 0, []],
    [
      'all of it was deleted since, and something else stands',
      ['in 2 09:00'],
      ['in 2 09:00 deleted', 'in 2 10:00'],
      0,
      [],
    ],
    [
      'an import replaced it since',
      ['in 2 09:00', 'out 2 17:00'],
      ['in 2 09:00 replaced>1', 'in 2 09:15', 'out 2 17:00'],
      1,
      ['1'],
    ],
    [
      'another row of the file told the rest',
      ['in 2 13:00', 'out 2 17:00'],
      ['in 2 09:00 own', 'out 2 12:00 own'],
      2,
      [],
    ],
    [
      'it waits in quarantine',
      ['in 2 09:00', 'out 2 17:00'],
      ['in 2 09:00 quarantined', 'out 2 17:30 quarantined'],
      1,
      ['1'],
    ],
    ['it says a direction where none stands', ['in 2 09:00'], ['unknown 2 09:00'], 1, ['0']],
  ];
  it.each(cases)('where %s', (_, row, stands, missing, extra) => {
    const found = compareDay(told(...row), known(...stands), midnights(2));
    expect([found.missing.length, found.extra.map(({ id }) => id)]).toEqual([missing, extra]);
  });

  it('is not contradicted by what another row of the file tells', () => {
    const found = compareDay(
      told('in 2 22:00', 'out 3 06:00'),
      known('out 2 06:00'),
      midnights(2),
      new Set([`out ${54 * HOUR}`]),
    );
    expect([found.missing.length, found.extra]).toEqual([2, []]);
  });

  it('says one punch twice and tells it once', () => {
    const found = compareDay(told('in 2 09:00', 'in 2 09:00'), [], midnights(2));
    expect([found.missing.length, found.told]).toEqual([1, 1]);
  });

  it('has a place for what goes to point at: its own type first, then the nearest', () => {
    const row = told('in 2 09:00', 'out 2 12:00', 'in 2 13:00', 'out 2 17:00');
    const extra = known('in 2 09:15', 'in 2 09:20', 'break_start 2 16:00');
    const found = successors(extra, row);
    expect(extra.map((punch) => row.findIndex((each) => each === found.get(punch)))).toEqual([0, 2, 3]);
  });
});

describe('chunks of days', () => {
  const row = (line: number, day: number): Interpreted => ({
    ok: true,
    line,
    employeeRef: '1',
    punches: [{ employeeRef: '1', type: 'in', at: null, local: day * 24 * HOUR }],
  });
  const bad = (line: number): Interpreted => ({ ok: false, line, errors: [] });
  async function cut(...chunks: Interpreted[][]): Promise<number[][]> {
    const found: number[][] = [];
    async function* source() {
      for (const chunk of chunks) yield await Promise.resolve(chunk);
    }
    for await (const chunk of wholeDays(source())) found.push(chunk.map(({ line }) => line));
    return found;
  }

  it('end where the date changes, with every row once and in order', async () => {
    expect(await cut([row(1, 1), row(2, 1), row(3, 2)], [row(4, 2), bad(5), row(6, 3)], [row(7, 3)])).toEqual([
      [1, 2],
      [3, 4, 5],
      [6, 7],
    ]);
  });

  it('keep rows that tell no date with whatever is around them', async () => {
    expect(await cut([bad(1), bad(2)], [row(3, 1), bad(4)], [])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});
