import { interpreted, told } from './scene';

const days = (...rows: string[]) => `employeeNumber,date,in,out,breakMinutes\n${rows.join('\n')}\n`;

describe('a day row', () => {
  it.each([
    ['a day', '1,2026-01-05,07:30,16:00,', ['in 2026-01-05T06:30:00Z', 'out 2026-01-05T15:00:00Z']],
    ['a night', '1,2026-01-05,22:00,06:00,', ['in 2026-01-05T21:00:00Z', 'out 2026-01-06T05:00:00Z']],
    ['midnight', '1,2026-01-05,16:00,24:00,', ['in 2026-01-05T15:00:00Z', 'out 2026-01-05T23:00:00Z']],
    ['decimal hours', '1,2026-01-05,7.5,"16,25",', ['in 2026-01-05T06:30:00Z', 'out 2026-01-05T15:15:00Z']],
    ['four digits', '1,2026-01-05,0730,1600,', ['in 2026-01-05T06:30:00Z', 'out 2026-01-05T15:00:00Z']],
    ['half days', '1,2026-01-05,7:30 AM,4 pm,', ['in 2026-01-05T06:30:00Z', 'out 2026-01-05T15:00:00Z']],
    [
      'whole timestamps',
      '1,,2026-01-05T07:30:00,2026-01-05T16:00:00,',
      ['in 2026-01-05T06:30:00Z', 'out 2026-01-05T15:00:00Z'],
    ],
    ['no end', '1,2026-01-05,07:30,,', ['in 2026-01-05T06:30:00Z']],
    ['no times', '1,2026-01-05,,,', []],
    ['a weekday', '1,2026-01-05 Mon,07:30,,', ['in 2026-01-05T06:30:00Z']],
    ['a second showing', '1,2026-10-25,02:50,02:10,', ['in: ambiguous_local_time']],
    ['an end in doubt', '1,2026-10-25,01:00,02:30,', ['out: ambiguous_local_time']],
    ['a gap', '1,2026-03-29,02:30,08:00,', ['in: nonexistent_local_time']],
    ['no person', ',2026-01-05,07:30,16:00,', ['employeeNumber: missing_value']],
    ['no date', '1,,07:30,16:00,', ['date: missing_value']],
    ['a false date', '1,2026-02-29,07:30,16:00,', ['date: invalid_date']],
    ['a false time', '1,2026-01-05,07:60,24:01,', ['in: invalid_time', 'out: invalid_time']],
    ['a false break', '1,2026-01-05,07:30,16:00,lots', ['breakMinutes: invalid_break']],
    ['an end before its start', '1,,2026-01-05T16:00:00,2026-01-05T07:30:00,', ['out: end_before_start']],
  ])('with %s', async (_, row, expected) => {
    expect(told(await interpreted(days(row), { timeZone: 'Europe/Berlin' }))).toEqual([expected]);
  });

  it.each([
    ['30', ['11:30', '12:00']],
    ['"30,5"', ['11:29', '11:59']],
    ['0:45', ['11:22', '12:07']],
    ['"0,75"', ['11:22', '12:07']],
    ['0.5', ['11:30', '12:00']],
    ['45 min', ['11:22', '12:07']],
    ['1h 15', ['11:07', '12:22']],
    ['"1,25 Std."', ['11:07', '12:22']],
    ['0', []],
    ['', []],
  ])('BUG-03: places a break of %s in the middle of its day', async (written, [from, until]) => {
    const [row] = told(await interpreted(days(`1,2026-01-05,07:30,16:00,${written}`)));
    const pause = from === undefined ? [] : [`break_start 2026-01-05T${from}`, `break_end 2026-01-05T${String(until)}`];
    expect(row?.map((each) => each.replace(/:\d\dZ$/, ''))).toEqual([
      'in 2026-01-05T07:30',
      ...pause,
      'out 2026-01-05T16:00',
    ]);
  });

  it.each([
    ['an in alone', '1,2026-01-05,07:30,,30', 'breakMinutes: invalid_break'],
    ['less time than break', '1,2026-01-05,07:30,08:00,30', 'breakMinutes: invalid_break'],
  ])('BUG-03: refuses a break that has no place: %s', async (_, row, fault) => {
    expect(told(await interpreted(days(row)))).toEqual([[fault]]);
  });

  it('BUG-03: takes the times of a break where both are there, and refuses a length that contradicts them', async () => {
    const file = (minutes: number) =>
      `employeeNumber,date,in,breakStart,breakEnd,out,breakMinutes\n1,2026-01-05,08:00,12:00,13:00,17:00,${minutes}\n`;
    expect(told(await interpreted(file(60)))[0]).toHaveLength(4);
    expect(told(await interpreted(file(30)))).toEqual([['breakMinutes: invalid_break']]);
  });

  it.each([
    ['08.30', '16.45', '08:30', '16:45'],
    ['7.5', '16.75', '07:30', '16:45'],
    ['"7,25"', '"16,5"', '07:15', '16:30'],
  ])('BUG-04: reads %s to %s as %s to %s', async (start, end, from, until) => {
    expect(told(await interpreted(days(`1,2026-01-05,${start},${end},`)))).toEqual([
      [`in 2026-01-05T${from}:00Z`, `out 2026-01-05T${until}:00Z`],
    ]);
  });

  it('may tell its breaks and several pairs', async () => {
    const text = 'badge,date,in,break start,break end,out,in2,out2\n1,2026-01-05,20:00,23:30,00:15,02:00,03:00,06:00\n';
    expect(told(await interpreted(text))).toEqual([
      [
        'in 2026-01-05T20:00:00Z',
        'break_start 2026-01-05T23:30:00Z',
        'break_end 2026-01-06T00:15:00Z',
        'out 2026-01-06T02:00:00Z',
        'in 2026-01-06T03:00:00Z',
        'out 2026-01-06T06:00:00Z',
      ],
    ]);
  });

  it('with hours alone needs a start of the day', async () => {
    const text = 'Date,Client,Project,Task,Hours,Employee Id\n2026-01-05,C,P,T,"7,5",12\n';
    expect(told(await interpreted(text))).toEqual([['Hours: missing_value']]);
    expect(told(await interpreted(text, { defaults: { dayStart: '09:00' } }))).toEqual([
      ['in 2026-01-05T09:00:00Z', 'out 2026-01-05T16:30:00Z'],
    ]);
  });
});
