import { explainDay } from '../../src/attendance/rules/day/explain';
import type { PunchType } from '../../src/attendance/rules/punches/punch';
import { parseTime } from '../../src/attendance/rules/time/local-time';
import { type Given, MINUTE, worked, zone } from './scene';

/** `in 08:00, out 12:00`. */
const told = (text: string) =>
  text.split(', ').map((each): [PunchType, number] => {
    const [type = '', time = ''] = each.split(' ');
    return [type as PunchType, parseTime(time) / MINUTE];
  });
const paid = (text: string, given: Given = {}) => worked(told(text), given).payableSeconds / MINUTE;

const planned: Given = { segments: ['08:00-17:00'], breakMinutes: 60 };
const six = [{ afterSeconds: 6 * 3600, seconds: 1800 }];
const law = [...six, { afterSeconds: 9 * 3600, seconds: 2700 }];
const german: Given = { policy: { autoBreaks: law, minBreakSeconds: 900, paidBreakUpToSeconds: 0 } };
const outAndIn = 'in 08:00, out 12:00, in 13:00, out 17:00';
const keys = 'in 08:00, break_start 12:00, break_end 13:00, out 17:00';
const unknown = 'unknown 08:00, unknown 12:00, unknown 13:00, unknown 17:00';

describe('a break that is due', () => {
  it.each<[string, string, Given, number]>([
    ['BUG-01: the planned hour, punched out and in', outAndIn, planned, 480],
    ['BUG-01: the planned hour, punched with break keys', keys, planned, 480],
    ['BUG-01: the planned hour, punched without direction', unknown, planned, 480],
    [
      'BUG-01: the planned hour, in turns whatever the keys',
      keys.replaceAll(/\w+ (?=\d)/g, 'in '),
      { ...planned, policy: { direction: 'alternate' } },
      480,
    ],
    ['BUG-01: the planned hour, not punched', 'in 08:00, out 17:00', planned, 480],
    [
      'BUG-01: the planned hour, first in to last out',
      outAndIn,
      { ...planned, policy: { pairing: 'first_last' } },
      480,
    ],
    ['twenty minutes of it punched', 'in 08:00, out 12:00, in 12:20, out 17:00', planned, 480],
    ['more than it punched', 'in 08:00, out 12:00, in 13:30, out 17:00', planned, 450],
    [
      'in two parts, by different keys',
      'in 08:00, out 10:00, in 10:30, break_start 13:00, break_end 13:30, out 17:00',
      planned,
      480,
    ],
    [
      'a fixed unpaid hour beside it',
      'in 08:00, out 17:00',
      { ...planned, policy: { unpaidWindows: [{ start: 12 * 3600, end: 13 * 3600 }] } },
      480,
    ],
    ['a split shift without break', outAndIn, { segments: ['08:00-12:00', '13:00-17:00'] }, 480],
    [
      'a split shift that is clipped, worked through',
      'in 08:00, out 17:00',
      { segments: ['08:00-12:00', '13:00-17:00'], policy: { clip: 'schedule', autoBreaks: six } },
      480,
    ],
    [
      'two hours of a day with half an hour',
      'in 08:00, out 10:00',
      { segments: ['08:00-16:30'], breakMinutes: 30 },
      120,
    ],
    ['two hours of a shift of two hours', 'in 08:00, out 10:00', { segments: ['08:00-10:00'], breakMinutes: 30 }, 120],
    [
      'five hours planned with half an hour',
      'in 09:00, out 14:00',
      { segments: ['09:00-14:00'], breakMinutes: 30 },
      270,
    ],
    ['just over the threshold: the work is not cut below it', 'in 08:00, out 12:10', planned, 240],
    [
      'a threshold of gross time: all of it is',
      'in 08:00, out 12:10',
      { ...planned, policy: { breakThresholds: 'gross' } },
      190,
    ],
    ['no threshold', 'in 08:00, out 10:00', { ...planned, policy: { plannedBreakAfterSeconds: 0 } }, 60],
    ['BUG-02: half an hour automatic, punched out and in', outAndIn, { policy: { autoBreaks: six } }, 480],
    ['BUG-02: half an hour automatic, in turns', unknown, { policy: { autoBreaks: six, direction: 'alternate' } }, 480],
    [
      'half an hour automatic, ten minutes out',
      'in 08:00, out 12:00, in 12:10, out 17:00',
      { policy: { autoBreaks: six } },
      510,
    ],
    ['BUG-14: 9 h 01 min less 30 are not more than 9 h', 'in 07:43, out 16:44', german, 511],
    ['BUG-14: by the tiers alone', 'in 07:43, out 16:44', { policy: { autoBreaks: law } }, 511],
    ['§ 4 ArbZG: exactly 6 h of work', 'in 08:00, out 14:00', german, 360],
    ['§ 4 ArbZG: 6 h 10 min at work', 'in 08:00, out 14:10', german, 360],
    ['§ 4 ArbZG: 6 h 30 min at work', 'in 08:00, out 14:30', german, 360],
    ['§ 4 ArbZG: 9 h 35 min at work', 'in 08:00, out 17:35', german, 540],
    ['§ 4 ArbZG: 10 h at work', 'in 08:00, out 18:00', german, 555],
    [
      '§ 4 ArbZG: twice 15 minutes',
      'in 08:00, out 10:00, in 10:15, break_start 13:00, break_end 13:15, out 17:00',
      german,
      510,
    ],
    ['§ 4 ArbZG: 14 minutes are no break', 'in 08:00, out 12:00, in 12:14, out 17:00', german, 496],
    ['§ 4 ArbZG: gross', 'in 07:43, out 16:44', { policy: { autoBreaks: law, breakThresholds: 'gross' } }, 496],
    [
      'tiers replace each other, the most is due',
      'in 08:00, out 18:00',
      { policy: { autoBreaks: [...six, { afterSeconds: 9 * 3600, seconds: 900 }] } },
      570,
    ],
    [
      'a planned break and an automatic one are one break',
      'in 08:00, out 17:00',
      { ...planned, policy: { autoBreaks: six } },
      480,
    ],
    [
      'a meal of an hour is paid by whatever keys',
      outAndIn,
      { policy: { paidMeal: { seconds: 3600, afterSeconds: 6 * 3600 } } },
      540,
    ],
    [
      'what a split shift leaves free is no meal',
      outAndIn,
      { segments: ['08:00-12:00', '13:00-17:00'], policy: { paidMeal: { seconds: 3600, afterSeconds: 0 } } },
      480,
    ],
  ])('%s', (_what, punches, given, minutes) => {
    expect(paid(punches, given)).toBe(minutes);
  });

  it('is the break of the day by whatever keys, and listed as one', () => {
    const [byGap, byKeys] = [worked(told(outAndIn), planned), worked(told(keys), planned)];
    expect([byGap.breakSeconds, byGap.unpaidBreakSeconds, byGap.breaks]).toEqual([3600, 3600, byKeys.breaks]);
    expect(worked(told(outAndIn), { segments: ['08:00-12:00', '13:00-17:00'] }).breakSeconds).toBe(0);
  });

  it('NEG-02: counts towards the allowance by whatever keys', () => {
    const codes = worked(told(outAndIn), { policy: { breakAllowanceSeconds: 1800 } }).exceptions.map(
      ({ code }) => code,
    );
    expect(codes).toContain('BREAK_ALLOWANCE_EXCEEDED');
  });

  it('EU-10: what is too short for a break is none where one is required', () => {
    const codes = (minutes: number) =>
      worked(told(`in 08:00, out 12:00, in 12:${minutes}, out 17:00`), {
        policy: { breakRequiredOverSeconds: 6 * 3600, minBreakSeconds: 900 },
      }).exceptions.map(({ code }) => code);
    expect(codes(14)).toContain('MISSING_BREAK');
    expect(codes(15)).not.toContain('MISSING_BREAK');
  });

  it.each<[string, string, Given, string]>([
    ['taken', outAndIn, planned, 'A break of 1 h is planned; 1 h of unpaid time count as taken: nothing is taken off.'],
    [
      'not taken',
      'in 08:00, out 17:00',
      planned,
      'A break of 1 h is planned; 0 min of unpaid time count as taken: 1 h are taken off.',
    ],
    [
      'not due',
      'in 08:00, out 10:00',
      planned,
      'Nothing is taken off for the planned break of 1 h: it is due in work of more than 4 h.',
    ],
    [
      'limited',
      'in 08:00, out 14:10',
      german,
      'A break of 30 min is due in work of more than 6 h; 0 min of unpaid time count as taken: 10 min are taken off, so that 6 h of work remain.',
    ],
    [
      'too short',
      'in 08:00, out 12:00, in 12:14, out 17:00',
      german,
      'A break of 30 min is due in work of more than 6 h; 0 min of unpaid time count as taken (14 min in pieces too short to be a break do not): 30 min are taken off.',
    ],
  ])('says what was taken off and why: %s', (_what, punches, given, line) => {
    expect(explainDay(worked(told(punches), given), zone)).toContain(line);
  });
});
