import { Interpreter } from '../../../src/attendance/imports/reading/interpreter';
import { importMapping } from '../../../src/attendance/imports/reading/mapping';
import { faulty, interpreted, readable, refusal, told, wall } from './scene';

const punches = (...rows: string[]) => `employeeNumber,type,timestamp,deviceId\n${rows.join('\n')}\n`;

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
