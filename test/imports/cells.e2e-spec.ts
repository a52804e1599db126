import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';

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

describe('a cell with a unit or a fraction of a second', () => {
  it.each([
    ['8:00 h;17:00 h', '1:00 h'],
    ['8.00 h;17.00 h', '1 h'],
    ['8h;17h00', '0h60'],
    ['16-Nov-2026 08:00:00.000;16-Nov-2026 17:00:00.000', '01:00:00.000'],
  ])('is read: %s with a break of %s', async (times, pause) => {
    await scene.imported({
      csvText: `employeeNumber;date;in;out;break\n0077;${date} 00:00:00.000;${times};${pause}\n`,
    });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });

  it.each([
    ['8:00 x', '17:00', '', 'in', 'invalid_time'],
    ['8:00', '17:61:00.000', '', 'out', 'invalid_time'],
    ['8:00', '17:00', '1:00 x', 'break', 'invalid_break'],
  ])('is refused by name where it cannot be read: %s, %s, %s', async (start, end, pause, column, code) => {
    const csvText = `employeeNumber;date;in;out;break\n0077;${date};${start};${end};${pause}\n`;
    expect((await scene.preview({ csvText })).body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ line: 2, column, code }],
    });
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

  it.each([
    ['in one column', ['08.30;17:30', '0.375;18:00']],
    ['in two columns of a row', ['08.30;0.75']],
  ])(
    'are asked for before anything is stored where a clock with points stands beside parts of a day, %s',
    async (_, rows) => {
      const looked = await scene.preview(times(...rows));
      expect(looked.body).toMatchObject({
        warnings: ['ambiguous_times'],
        guesses: [
          { about: 'decimalTimes', value: 'days', instead: 'hours', supported: 0, of: rows.length, mustBeSaid: true },
        ],
      });
      const refused = await scene.commit(times(...rows), looked);
      expect([refused.status, refused.body.errors]).toMatchObject([
        422,
        [{ pointer: '/decimalTimes', code: 'ambiguous_times', detail: expect.stringContaining('days') }],
      ]);
      expect(await scene.server.database.count('punches', 'tenant_id = $1', [scene.acme.id])).toBe(0);
    },
  );

  it.each([
    ['days', ['08:30:00', '09:00:00'], 1],
    ['hours', ['08:18:00', '00:22:30'], 1],
    ['minutes', ['08:30:00'], 0],
  ])('are in such a file what the request says: %s', async (decimalTimes, starts, complete) => {
    const body = { ...times('08.30;18:00', '0.375;18:00'), decimalTimes };
    const looked = await scene.preview(body);
    expect(looked.body).toMatchObject({ guesses: [], mapping: { decimalTimes }, counts: { reject: 1 - complete } });
    const items = looked.body.items as { punches: { local: string }[] }[];
    expect(items.map(({ punches }) => punches[0]?.local.slice(11))).toEqual(starts);
    expect((await scene.commit(body, looked)).status).toBe(200);
  });

  it('are hours where one of them can be nothing else', async () => {
    const looked = await scene.preview(times('22.25;06.30', '23.75;0.375'));
    expect(looked.body.guesses).toMatchObject([{ about: 'decimalTimes', value: 'hours', supported: 1, of: 2 }]);
    expect(looked.body.guesses[0]).not.toHaveProperty('mustBeSaid');
  });
});

describe('a time behind the end of its day', () => {
  it.each([
    ['30:00', 'a day has 24 hours: for the day after write 06:00 under its date, or 06:00 +1'],
    ['24:30:00', 'a day has 24 hours: for the day after write 00:30 under its date, or 00:30 +1'],
    ['72:00', 'a day has 24 hours: write a time of day, such as 07:30'],
    ['7:75', 'not a time of day, such as 07:30 or 7:30 PM'],
  ])('is an error of its row with what to write: %s', async (value, detail) => {
    const days = await scene.preview({ csvText: `employeeNumber,date,in,out\n0077,${date},22:00,${value}\n` });
    expect(days.body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ line: 2, column: 'out', value, code: 'invalid_time', detail }],
    });
    const punches = await scene.preview({ csvText: `employeeNumber,type,date,time\n0077,out,${date},${value}\n` });
    expect(punches.body.errors).toMatchObject([{ column: 'time', value, code: 'invalid_time', detail }]);
  });

  it('is an error of its row in a time stamp, too', async () => {
    const looked = await scene.preview({ csvText: `employeeNumber,type,timestamp\n0077,out,${date} 30:00\n` });
    const detail = 'a day has 24 hours: for the day after write 06:00 under its date, or 06:00 +1';
    expect(looked.body.errors).toMatchObject([{ column: 'timestamp', value: `${date} 30:00`, detail }]);
  });

  it('is taken as it says it should be written', async () => {
    await scene.imported({ csvText: `employeeNumber,date,in,out\n0077,${date},22:00,06:00 +1\n` });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 480 });
  });

  it.each([
    ['30:00', 'more than the 24 hours of a day: correct it, or divide it among its dates'],
    ['30', 'more than the 24 hours of a day: correct it, or divide it among its dates'],
    ['many', 'not a number of hours, such as 7.5 or 7:30'],
  ])('is no length either: %s in a column of hours', async (value, detail) => {
    const looked = await scene.preview({
      csvText: `employeeNumber,date,hours\n0077,${date},${value}\n`,
      dayStart: '09:00',
    });
    expect(looked.body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ line: 2, column: 'hours', value, code: 'invalid_time', detail }],
    });
  });
});
