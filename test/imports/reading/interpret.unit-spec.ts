import { Interpreter } from '../../../src/attendance/imports/reading/interpreter';
import { importMapping } from '../../../src/attendance/imports/reading/mapping';
import { faulty, interpreted, readable, refusal, told, wall } from './scene';

const punches = (...rows: string[]) => `employeeNumber,type,timestamp,deviceId\n${rows.join('\n')}\n`;
const days = (...rows: string[]) => `employeeNumber,date,in,out,breakMinutes\n${rows.join('\n')}\n`;

describe('a punch row', () => {
  it.each([
    ['ISO', '2026-01-05T07:30:00', '2026-01-05T06:30:00Z'],
    ['a blank between', '2026-01-05 07:30', '2026-01-05T06:30:00Z'],
    ['fractions', '2026-01-05T07:30:00.250', '2026-01-05T06:30:00Z'],
    ['UTC', '2026-01-05T07:30:00Z', '2026-01-05T07:30:00Z'],
    ['an offset', '2026-01-05T07:30:00-05:00', '2026-01-05T12:30:00Z'],
    ['a short offset', '2026-01-05 07:30+0530', '2026-01-05T02:00:00Z'],
    ['midnight at the end', '2026-01-05T24:00', '2026-01-05T23:00:00Z'],
    ['points', '05.01.2026 07:30', '2026-01-05T06:30:00Z'],
    ['a half day', '05.01.2026 7:30 PM', '2026-01-05T18:30:00Z'],
    ['a short year', '5.1.26 7:30', '2026-01-05T06:30:00Z'],
    ['epoch seconds', '1767598200', '2026-01-05T07:30:00Z'],
    ['epoch milliseconds', '1767598200999', '2026-01-05T07:30:00Z'],
    ['a day number of Excel', '46027.3125', '2026-01-05T06:30:00Z'],
    ['no separators in the date', '20260105 07:30', '2026-01-05T06:30:00Z'],
  ])('with %s', async (_, timestamp, expected) => {
    const mapping = { dateFormat: 'DD.MM.YYYY' } as const;
    const rows = await interpreted(punches(`007,in,${timestamp},door`), { timeZone: 'Europe/Berlin', mapping });
    expect(told(rows)).toEqual([[`in ${expected}`]]);
  });

  it('keeps the person as written and shows the local time', async () => {
    const [row] = await interpreted(punches('000701,in,2026-07-05T07:30:00Z,door'), { timeZone: 'Europe/Berlin' });
    const punch = {
      employeeRef: '000701',
      type: 'in',
      at: 1_783_236_600,
      local: wall('2026-07-05T09:30:00'),
      deviceId: 'door',
    };
    expect(row).toEqual({ ok: true, line: 2, employeeRef: '000701', punches: [punch] });
  });

  it.each([
    ['no person', ',in,2026-01-05T07:30:00,door', ['employeeNumber: missing_value']],
    ['a long person', `${'9'.repeat(255)},in,2026-01-05T07:30:00,`, ['employeeNumber: value_too_long']],
    ['a long device', `1,in,2026-01-05T07:30:00,${'d'.repeat(65)}`, ['deviceId: value_too_long']],
    ['no time', '1,in,,door', ['timestamp: missing_value']],
    ['a date that is none', '1,in,2026-02-30T07:30:00,door', ['timestamp: invalid_date']],
    ['a time that is none', '1,in,2026-02-03T25:30:00,door', ['timestamp: invalid_time']],
    ['a date alone', '1,in,2026-02-03,door', ['timestamp: invalid_time']],
    ['a second too many', '1,in,2026-02-03T07:30:60,door', ['timestamp: invalid_time']],
    ['a letter among the digits', '1,in,2026-02-03T07:3O:00,door', ['timestamp: invalid_time']],
    ['something else between date and time', '1,in,2026-02-03007:30:00,door', ['timestamp: invalid_date']],
    ['an unknown direction', '1,arrived,2026-01-05T07:30:00,door', ['type: unknown_type']],
    ['no direction', '1,,2026-01-05T07:30:00,door', ['type: missing_value']],
    [
      'everything wrong at once',
      ',arrived,yesterday,door',
      ['employeeNumber: missing_value', 'type: unknown_type', 'timestamp: invalid_date'],
    ],
    ['a time that never was', '1,in,2026-03-29T02:30:00,door', ['timestamp: nonexistent_local_time']],
    ['a time that was twice', '1,in,2026-10-25T02:30:00,door', ['timestamp: ambiguous_local_time']],
  ])('with %s', async (_, row, expected) => {
    expect(told(await interpreted(punches(row), { timeZone: 'Europe/Berlin' }))).toEqual([expected]);
  });

  it('names the value and the remedy', async () => {
    const [row] = await interpreted(punches('1,in,2026-10-25T02:30:00,door'), { timeZone: 'Europe/Berlin' });
    expect(faulty(row).errors[0]).toMatchObject({
      value: '2026-10-25T02:30:00',
      detail: expect.stringContaining('+02:00'),
    });
  });

  it('takes directions from the mapping, then the usual words, then the default', async () => {
    const rows = punches('1,Kommen,2026-01-05T07:30:00,', '1,P20,2026-01-05T12:00:00,', '1,,2026-01-05T16:00:00,');
    const reading = { mapping: { types: { p20: 'break_start' } }, defaults: { type: 'unknown' } } as const;
    expect(
      told(await interpreted(rows, reading))
        .flat()
        .map((each) => each.split(' ')[0]),
    ).toEqual(['in', 'break_start', 'unknown']);
  });

  it('may have its date and its time in two columns', async () => {
    const rows = await interpreted('pin;Datum;Uhrzeit;Typ\n7;05.01.2026;7:30;Gehen\n7;05.01.2026;;Gehen\n', {
      timeZone: 'Europe/Berlin',
    });
    expect(told(rows)).toEqual([['out 2026-01-05T06:30:00Z'], ['Uhrzeit: missing_value']]);
  });

  it('stays local where no zone is known', async () => {
    const rows = await interpreted(punches('1,in,2026-03-29T02:30:00,', '1,in,2026-01-05T07:30:00Z,'), {
      timeZone: null,
    });
    expect(rows.map((row) => readable(row).punches[0])).toMatchObject([
      { at: null, local: wall('2026-03-29T02:30:00') },
      { at: 1_767_598_200, local: wall('2026-01-05T07:30:00') },
    ]);
  });

  it('belongs to a mapping whose columns the file has', async () => {
    const mapping = importMapping.parse({ fields: { employee: 'pin', timestamp: 'when' } });
    const make = () => Promise.resolve(new Interpreter(['pin', 'time'], mapping, { timeZone: null, kind: 'punches' }));
    expect(await refusal(Promise.resolve().then(make))).toBe('unknown_column');
    expect(importMapping.safeParse({ fields: { employee: 'pin' } }).success).toBe(false);
  });
});

describe('a date that names its month', () => {
  it.each([
    ['16-Nov-2026', '2026-11-16'],
    ['16 Nov 26', '2026-11-16'],
    ['16NOV2026', '2026-11-16'],
    ['2026-Nov-16', '2026-11-16'],
    ['"Nov 16, 2026"', '2026-11-16'],
    ['"Monday, November 16, 2026"', '2026-11-16'],
    ['16th of November 2026', '2026-11-16'],
    ['"Mo, 16. Nov. 2026"', '2026-11-16'],
    ['16. Mrz 2026', '2026-03-16'],
    ['16 de noviembre de 2026', '2026-11-16'],
    ['"martes, 17 de marzo de 2026"', '2026-03-17'],
    ['1er août 2026', '2026-08-01'],
    ['2026年11月16日 星期一', '2026-11-16'],
    ['Mo 16.11.2026', '2026-11-16'],
  ])('BUG-17: is read: %s', async (written, date) => {
    expect(told(await interpreted(days(`1,${written},09:00,18:00,`)))).toEqual([
      [`in ${date}T09:00:00Z`, `out ${date}T18:00:00Z`],
    ]);
    expect(told(await interpreted(punches(`1,in,"${written.replaceAll('"', '')} 09:00",`)))).toEqual([
      [`in ${date}T09:00:00Z`],
    ]);
  });

  it.each([
    '16-Nov',
    'Nov-26',
    '31-Feb-2026',
    '16-Novx-2026',
    '16 listopada 2026',
    '16 Nov Dec 2026',
    '16 of the 2026',
  ])('BUG-17: is refused by name where it leaves a doubt: %s', async (written) => {
    const [row] = await interpreted(days(`1,${written},09:00,18:00,`));
    expect(faulty(row).errors).toMatchObject([{ column: 'date', value: written, code: 'invalid_date' }]);
  });
});

describe('a time of day as its language writes it', () => {
  it.each([
    ['8:00:00 a. m.', '08:00:00'],
    ['5:00:00 p. m.', '17:00:00'],
    ['5:00\u202fPM', '17:00:00'],
    ['12:15 am', '00:15:00'],
    ['5 p.m.', '17:00:00'],
    ['下午 5:00', '17:00:00'],
    ['오후 5:00', '17:00:00'],
    ['5:00 μ.μ.', '17:00:00'],
    ['8h30', '08:30:00'],
    ['8.30 Uhr', '08:30:00'],
    ['kl. 08.30', '08:30:00'],
    ['08.30.15', '08:30:15'],
  ])('BUG-18: is read: %s', async (written, time) => {
    expect(told(await interpreted(days(`1,2026-11-16,${written},,`)))).toEqual([[`in 2026-11-16T${time}Z`]]);
    expect(told(await interpreted(punches(`1,in,16.11.2026 ${written},`)))).toEqual([[`in 2026-11-16T${time}Z`]]);
  });

  it.each(['06:00 +1', '06:00 (+1)', '次日 06:00', '次日 上午 6:00'])(
    'may say that it is of the day after: %s',
    async (written) => {
      expect(told(await interpreted(days(`1,2026-11-16,22:00,${written},`)))[0]?.[1]).toBe('out 2026-11-17T06:00:00Z');
    },
  );

  it.each(['13:00 p. m.', '0:30 AM', '8:30 x', '8:60 a. m.', 'noon'])(
    'BUG-18: is refused by name: %s',
    async (written) => {
      const [row] = await interpreted(days(`1,2026-11-16,${written},18:00,`));
      expect(faulty(row).errors).toMatchObject([{ column: 'in', value: written, code: 'invalid_time' }]);
    },
  );
});

describe('the hour that the clock shows twice', () => {
  const at = (time: string, type = 'in', person = '1') => `${person},${type},2026-10-25T${time}:00,`;
  const read = (...rows: string[]) => interpreted(punches(...rows), { timeZone: 'Europe/Berlin' }).then(told);
  const AMBIGUOUS = ['timestamp: ambiguous_local_time'];

  it('is settled where the clock of a person runs backwards in a file that runs forwards', async () => {
    expect(await read(at('00:30'), at('01:10', 'out'), at('02:50'), at('02:10', 'out'))).toEqual([
      ['in 2026-10-24T22:30:00Z'],
      ['out 2026-10-24T23:10:00Z'],
      ['in 2026-10-25T00:50:00Z'],
      ['out 2026-10-25T01:10:00Z'],
    ]);
  });

  it('is settled in a file sorted backwards', async () => {
    const [, , second, first] = await read(at('08:00', 'out'), at('07:00'), at('02:10', 'out'), at('02:50'));
    expect([first, second]).toEqual([['in 2026-10-25T00:50:00Z'], ['out 2026-10-25T01:10:00Z']]);
  });

  it.each([
    ['one punch', [at('00:30'), at('01:10', 'out'), at('02:30')], 1],
    ['two in step', [at('00:30'), at('01:10', 'out'), at('02:10'), at('02:50', 'out')], 2],
    ['one of each person', [at('00:30'), at('01:10', 'out'), at('02:50'), at('02:10', 'in', '2')], 2],
    ['no order in the file', [at('07:00'), at('06:00', 'out'), at('08:00'), at('02:50'), at('02:10', 'out')], 2],
    ['no other rows', [at('02:50'), at('02:10', 'out')], 2],
  ])('stays an error with %s', async (_, rows, errors) => {
    expect((await read(...rows)).filter((row) => row[0] === AMBIGUOUS[0])).toHaveLength(errors);
  });
});

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
