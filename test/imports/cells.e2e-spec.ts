import { type Cell, workbook } from './reading/workbooks';
import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';

const file = (number: string, times = '08:00,17:00') => ({
  csvText: `employeeNumber,date,in,out\n${number},${date},${times}\n`,
});

describe('whom a number of a file means', () => {
  it.each(['77', '00077', '77.0'])('BUG-15: who differs in zeros in front alone is meant by %s', async (written) => {
    expect((await scene.imported(file(written))).counts).toMatchObject({ create: 2 });
    expect((await scene.imported(file('0077'))).counts).toMatchObject({ create: 0, skip: 2 });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 540 });
  });

  it('BUG-15: a number that lost its zeros in a workbook is one of a punch, too', async () => {
    const fileId = await scene.uploaded(
      workbook({
        s: [
          ['employeeNumber', 'type', 'timestamp'],
          [{ value: 77 }, 'in', `${date}T08:00:00`],
        ],
      }),
    );
    expect((await scene.imported({ fileId })).counts).toMatchObject({ create: 1 });
  });

  it('BUG-15: who has exactly this number is meant, and where nobody has, not one of several', async () => {
    const other = await scene.acme.person({});
    await scene.server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [other.id, '077']);
    expect((await scene.imported(file('077'))).counts).toMatchObject({ create: 2 });
    expect((await scene.preview(file('77'))).body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ line: 2, column: 'employee', value: '77', code: 'ambiguous_person' }],
    });
  });

  it('BUG-15: another number stays unknown', async () => {
    for (const written of ['770', '0', '7.7', '77x'])
      expect((await scene.preview(file(written))).body.errors).toMatchObject([{ code: 'unknown_person' }]);
  });
});

describe('what a cell of a file means', () => {
  it.each(['16-Nov-2026', '"November 16, 2026"', '16 de noviembre de 2026'])(
    'BUG-17: a date names its month: %s',
    async (written) => {
      await scene.imported({ csvText: `Emp Code,Date,In,Out\n0077,${written},09:00,18:00\n` });
      expect(await scene.paid(date)).toMatchObject({ payableMinutes: 540 });
    },
  );

  it('BUG-18: a time names its half of the day in Spanish', async () => {
    const csvText = 'Legajo;Fecha;Entrada;Salida\n0077;16/11/2026;8:00:00 a. m.;5:00:00 p. m.\n';
    await scene.imported({ csvText });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 540 });
  });
});

describe('what a cell of a workbook means', () => {
  const [DATE, TIME, DURATION] = [1, 3, 4];
  const day = { value: 46_342, style: DATE };
  const sheet = (...rows: Cell[][]) => workbook({ s: [['employeeNumber', 'date', 'in', 'out'], ...rows] });

  it.each([
    ['BUG-07: 1.25 shown as 06:00', 22 / 24, { formula: 'C2+8/24', value: 1.25, style: TIME }],
    ['BUG-07: 1 shown as 00:00', 16 / 24, { formula: 'C2+8/24', value: 1, style: TIME }],
    ['BUG-07: 1.25 shown as 30:00', 22 / 24, { value: 1.25, style: DURATION }],
    ['BUG-07: 1.25 without a format', 22 / 24, { value: 1.25 }],
  ])('%s is a time of the next day', async (_, start, end) => {
    const fileId = await scene.uploaded(sheet(['0077', day, { value: start, style: TIME }, end]));
    expect((await scene.imported({ fileId })).counts).toMatchObject({ create: 2 });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 480 });
  });

  it('BUG-08: a formula without its value is an error of the row, where the row needs the cell', async () => {
    const eight = { value: 8 / 24, style: TIME };
    const fileId = await scene.uploaded(
      workbook({
        s: [
          ['employeeNumber', 'date', 'in', 'out', 'total'],
          ['0077', day, eight, { formula: 'C2+9/24', style: TIME }, { value: 9 }],
          ['0077', { value: 46_343, style: DATE }, eight, { value: 17 / 24, style: TIME }, { formula: 'D3-C3' }],
        ],
      }),
    );
    expect((await scene.preview({ fileId })).body).toMatchObject({
      counts: { create: 2, reject: 1 },
      errors: [{ line: 2, column: 'out', value: '=C2+9/24', code: 'formula_without_value' }],
    });
  });

  it.each([['in'], ['out']])(
    'BUG-08: a formula with the value 0, as written uncalculated, is no midnight: %s',
    async (column) => {
      const [eight, zero] = [
        { value: 8 / 24, style: TIME },
        { formula: 'B2+9/24', value: 0, style: TIME },
      ];
      const times = column === 'in' ? [zero, eight] : [eight, zero];
      const fileId = await scene.uploaded(sheet(['0077', day, ...times]));
      expect((await scene.preview({ fileId })).body).toMatchObject({
        counts: { create: 0, reject: 1 },
        errors: [{ line: 2, column, code: 'formula_without_value', detail: expect.stringContaining('open and save') }],
      });
    },
  );

  it('A.3: a time that would land decades away is an error of the row, with the value as read', async () => {
    const fileId = await scene.uploaded(
      sheet(['0077', day, { value: 22 / 24, style: TIME }, { value: 2.25, style: TIME }]),
    );
    const { counts, errors } = (await scene.preview({ fileId })).body;
    expect(counts).toMatchObject({ create: 0, reject: 1 });
    expect(errors).toMatchObject([{ column: 'out', code: 'implausible_date', value: '1900-01-01T06:00:00' }]);
  });
});

describe('merged cells of a workbook', () => {
  const row = (person: string | null, day: string, start: string | null = '08:00'): Cell[] => [
    person,
    day,
    start,
    '17:00',
  ];
  const days = (...rows: Cell[][]) => [['employeeNumber', 'date', 'in', 'out'], ...rows];

  it('BUG-38: name their person for each of their rows, and for none behind them', async () => {
    const rows = days(
      row('0077', '2026-11-16'),
      row(null, '2026-11-17'),
      row(null, '2026-11-18'),
      row(null, '2026-11-19'),
    );
    const fileId = await scene.uploaded(workbook({ s: rows }, false, ['A2:A4']));
    const looked = await scene.preview({ fileId });
    expect(looked.body).toMatchObject({
      counts: { create: 6, reject: 1 },
      errors: [{ line: 5, column: 'employeeNumber', code: 'missing_value' }],
    });
    await scene.commit({ fileId }, looked);
    expect(await scene.paid('2026-11-18')).toMatchObject({ payableMinutes: 540 });
  });

  it('BUG-38: are refused by name where they hold a time', async () => {
    const rows = days(row('0077', '2026-11-16'), row('0077', '2026-11-17', null));
    const fileId = await scene.uploaded(workbook({ s: rows }, false, ['C2:C3']));
    expect((await scene.preview({ fileId })).body).toMatchObject({
      counts: { create: 2, reject: 1 },
      errors: [{ line: 3, column: 'in', value: '08:00', code: 'merged_cell' }],
    });
  });
});

describe('a date decades away', () => {
  it.each([
    ['1900-01-01', '1900-01-01T00:00:00'],
    ['2062-11-16', '2062-11-16T00:00:00'],
    ['16.11.99', '2099-11-16T00:00:00'],
  ])('A.3: is an error of the row: %s', async (written, read) => {
    const looked = await scene.preview({ csvText: `employeeNumber,date,in,out\n0077,${written},08:00,17:00\n` });
    expect(looked.body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ column: 'date', code: 'implausible_date', detail: expect.stringContaining(read) }],
    });
  });

  it('A.3: is one of a punch, too', async () => {
    const csvText = 'employeeNumber,type,timestamp\n0077,in,1970-01-01T00:00:01Z\n0077,in,946684800\n';
    expect((await scene.preview({ csvText })).body.errors).toMatchObject([
      { line: 2, column: 'timestamp', value: '1970-01-01T00:00:01Z', code: 'implausible_date' },
      { line: 3, column: 'timestamp', value: '946684800', code: 'implausible_date' },
    ]);
  });
});

describe('what bare numbers are as times', () => {
  const times = (...rows: string[]) => ({
    csvText: `employeeNumber;date;in;out\n${rows.map((row, n) => `0077;2026-11-${16 + n};${row}`).join('\n')}\n`,
  });

  it.each([
    ['BUG-21: parts of a day', ['0.375;0.75'], 540, 'days', 'hours', 1],
    ['BUG-21: parts of a day with a comma', ['0,375;0,75'], 540, 'days', 'hours', 1],
    ['BUG-04: a clock with points', ['08.30;16.45'], 495, 'minutes', 'hours', 1],
    [
      'BUG-04: hours, since one fraction is none of minutes',
      ['7.50;16.50', '7.75;16.25'],
      540,
      'hours',
      'minutes',
      0.5,
    ],
    ['BUG-04: hours with a comma', ['7,25;16,5'], 555, 'hours', 'minutes', 1],
  ])('%s is decided for the file, and named with its share', async (_, rows, payable, value, instead, share) => {
    const looked = await scene.preview(times(...rows));
    expect(looked.body.guesses).toEqual([
      { about: 'decimalTimes', value, instead, share, supported: expect.any(Number), of: rows.length },
    ]);
    await scene.imported(times(...rows));
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: payable });
  });

  it('BUG-04: are what the mapping says, and then no guess', async () => {
    const fields = { employee: 'employeeNumber', date: 'date', in: 'in', out: 'out' };
    const body = { ...times('08.30;16.45'), mapping: { fields, decimalTimes: 'hours' } };
    expect((await scene.preview(body)).body).toMatchObject({
      guesses: [],
      items: [{ punches: [{ local: `${date}T08:18:00` }, { local: `${date}T16:27:00` }] }],
    });
  });

  it('BUG-03: a break of one hour is none of a minute where others of its column are fractions of hours', async () => {
    const csvText = `employeeNumber;date;in;out;break\n0077;${date};08:00;17:00;1\n0077;2026-11-17;08:00;17:00;0,5\n`;
    expect((await scene.preview({ csvText })).body.guesses).toMatchObject([{ about: 'breakUnit', value: 'hours' }]);
    await scene.imported({ csvText });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });
});

describe('the order of day and month', () => {
  const dates = (...all: string[]) => ({
    csvText: `employeeNumber,date,in,out\n${all.map((each) => `0077,${each},08:00,17:00\n`).join('')}`,
  });
  const october = Array.from({ length: 30 }, (_, n) => `${String(n + 1).padStart(2, '0')}/10/2026`);

  it('BUG-09: is decided by the whole file, however late it says so', async () => {
    const names = Array.from({ length: 400 }, (_, n) => `note ${n} ${'x'.repeat(300)}`);
    const early = names.map((note) => `0077,05/10/2026,,,${note}\n`).join('');
    const csvText = `employeeNumber,date,in,out,note\n${early}0077,30/10/2026,08:00,17:00,\n`;
    const looked = await scene.preview({ csvText });
    expect(looked.body).toMatchObject({
      warnings: ['column_unread'],
      unreadColumns: ['note'],
      counts: { create: 2, reject: 0 },
      guesses: [{ about: 'dateFormat', value: 'DD/MM/YYYY', instead: 'MM/DD/YYYY', supported: 1, of: 401 }],
    });
    await scene.imported({ csvText });
    expect(await scene.paid('2026-10-30')).toMatchObject({ payableMinutes: 540 });
  });

  it('BUG-09: is named with the share of the rows that support it', async () => {
    expect((await scene.preview(dates(...october))).body.guesses).toEqual([
      { about: 'dateFormat', value: 'DD/MM/YYYY', instead: 'MM/DD/YYYY', supported: 18, of: 29, share: 0.621 },
    ]);
  });

  it.each([
    ['no day is above 12', ['05/11/2026', '06/11/2026']],
    ['the rows contradict each other', ['13/11/2026', '11/14/2026', '05/11/2026']],
  ])('BUG-09: is asked for before anything is stored where %s', async (_, written) => {
    const body = dates(...written);
    const looked = await scene.preview(body);
    expect(looked.body).toMatchObject({
      warnings: ['ambiguous_date_format'],
      guesses: [{ about: 'dateFormat', mustBeSaid: true }],
    });
    const refused = await scene.commit(body, looked);
    expect([refused.status, refused.body.errors]).toMatchObject([
      422,
      [{ pointer: '/dateFormat', code: 'ambiguous_date_format' }],
    ]);
    expect(await scene.server.database.count('punches', 'tenant_id = $1', [scene.acme.id])).toBe(0);
  });

  it('BUG-09: is what the request says', async () => {
    const body = { ...dates('05/11/2026', '06/11/2026'), dateFormat: 'DD/MM/YYYY' };
    expect((await scene.preview(body)).body).toMatchObject({ guesses: [] });
    await scene.imported(body);
    expect(await scene.paid('2026-11-05')).toMatchObject({ payableMinutes: 540 });
  });

  it('BUG-09: is no question where it makes no difference', async () => {
    await scene.imported(dates('11/11/2026', '10/10/2026'));
    expect(await scene.paid('2026-11-11')).toMatchObject({ payableMinutes: 540 });
  });

  it('BUG-09: is asked for in a file of Clockify, whose dates people may choose', async () => {
    const csvText =
      'Project,Email,Start Date,Start Time,End Date,End Time,Duration (h)\n,a@b.test,05/11/2026,09:00,05/11/2026,17:00,8\n';
    const looked = await scene.preview({ csvText });
    expect((await scene.commit({ csvText }, looked)).body.errors).toMatchObject([{ code: 'ambiguous_date_format' }]);
  });

  it.each([
    ['08.30.00', '16.45.00'],
    ['8.30.00', '16.45.10'],
    ['08.30.00 AM', '04.45.00 PM'],
    ['kl. 08.30.00', 'kl. 16.45.00'],
  ])('BUG-04: is not what a time with points says: %s to %s', async (start, end) => {
    const csvText = `Mitarbeiter-Nr;Datum;Kommen;Gehen\n0077;05.11.2026;${start};${end}\n`;
    await scene.imported({ csvText });
    expect(await scene.paid('2026-11-05')).toMatchObject({ payableMinutes: 495 });
  });

  it('BUG-04: is not what the time of a punch with points says', async () => {
    const rows = ['in;05/11/2026;08.30.00', 'out;05/11/2026;16.45.00'].map((row) => `0077;${row}\n`).join('');
    const looked = await scene.preview({ csvText: `employeeNumber;type;date;time\n${rows}` });
    expect(looked.body).toMatchObject({ warnings: ['ambiguous_date_format'], guesses: [{ mustBeSaid: true }] });
  });

  it('BUG-04: is what the date of a dated time says', async () => {
    await scene.imported({ csvText: 'employeeNumber;in;out\n0077;16/11/2026 08.30.00;16/11/2026 16.45.00\n' });
    expect(await scene.paid('2026-11-16')).toMatchObject({ payableMinutes: 495 });
  });
});

describe('a year of two digits', () => {
  const dates = (...all: string[]) => ({
    csvText: `employeeNumber;date;in;out\n${all.map((each) => `0077;${each};08:00;17:00\n`).join('')}`,
  });

  it.each([
    ['26-11-16', '26-11-17'],
    ['26/11/16', '26/11/17'],
    ['26.11.16', '26.11.17'],
    ['26/11/16'],
    ['16-11-26'],
    ['16.11.26', '17.11.26'],
    ['11/16/26', '11/17/26'],
  ])('BUG-09: is where it keeps the file together and near today: %s', async (...written) => {
    await scene.imported(dates(...written));
    expect(await scene.paid('2026-11-16')).toMatchObject({ payableMinutes: 540 });
  });

  it('BUG-09: is named as a guess', async () => {
    expect((await scene.preview(dates('26-11-16', '26-11-17'))).body.guesses).toEqual([
      { about: 'dateFormat', value: 'YYYY-MM-DD', instead: 'DD/MM/YYYY', supported: 0, of: 2, share: 0 },
    ]);
  });

  it.each([
    ['the year before last may be meant', ['24-11-26']],
    ['old years and days near today are both to be had', ['16-11-26', '16-11-27']],
    ['rows contradict each other', ['26-11-16', '26-11-17', '11/16/26']],
    ['others have their year behind', ['26-11-16', '26-11-17', '16-11-2026']],
  ])('BUG-09: is asked for before anything is stored where %s', async (_, written) => {
    const looked = await scene.preview(dates(...written));
    expect(looked.body).toMatchObject({ warnings: ['ambiguous_date_format'], guesses: [{ mustBeSaid: true }] });
    const refused = await scene.commit(dates(...written), looked);
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer: '/dateFormat' }]]);
  });

  it('BUG-09: is where the request says it is', async () => {
    await scene.imported({ ...dates('25/11/24'), dateFormat: 'YYYY-MM-DD' });
    expect(await scene.paid('2025-11-24')).toMatchObject({ payableMinutes: 540 });
  });
});
