import { faulty, interpreted, told } from './scene';

const punches = (...rows: string[]) => `employeeNumber,type,timestamp,deviceId\n${rows.join('\n')}\n`;
const days = (...rows: string[]) => `employeeNumber,date,in,out,breakMinutes\n${rows.join('\n')}\n`;

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

describe('a date with the midnight at its beginning', () => {
  it.each(['2026-11-18T00:00:00.000', '18-Nov-2026 00:00:00.000', '18.11.2026 00:00', '11/18/2026 12:00:00 AM'])(
    'is that date: %s',
    async (written) => {
      expect(told(await interpreted(days(`1,${written},09:00,,`)))).toEqual([['in 2026-11-18T09:00:00Z']]);
    },
  );

  it.each(['18-Nov-2026 09:00:00.000', '2026-11-18 12:00:00 PM'])(
    'is refused by name with another time: %s',
    async (written) => {
      const [row] = await interpreted(days(`1,${written},09:00,,`));
      expect(faulty(row).errors).toMatchObject([{ column: 'date', value: written, code: 'invalid_date' }]);
    },
  );
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
    ['8:00 h', '08:00:00'],
    ['8.30 h', '08:30:00'],
    ['8.30h', '08:30:00'],
    ['0830 hrs', '08:30:00'],
    ['7h30', '07:30:00'],
    ['7 h 30 min', '07:30:00'],
    ['09:00:00.000', '09:00:00'],
    ['9:00:15.123456 PM', '21:00:15'],
    ['09.00.15.000000 AM', '09:00:15'],
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

  it('is read with its date and a fraction of a second behind it', async () => {
    for (const written of ['18-Nov-2026 09:00:00.000', '18-NOV-26 09.00.00.000000 AM', '2026-11-18 9:00:00.5']) {
      expect(told(await interpreted(punches(`1,in,${written},`)))).toEqual([['in 2026-11-18T09:00:00Z']]);
      expect(told(await interpreted(days(`1,,${written},,`)))).toEqual([['in 2026-11-18T09:00:00Z']]);
    }
  });

  it('is read by what the file says of its fractions, with an h behind it as without', async () => {
    const file = days('1,2026-11-16,8.30 h,16.75 h,', '1,2026-11-17,8.30,16.75,');
    expect(told(await interpreted(file))).toEqual([
      ['in 2026-11-16T08:18:00Z', 'out 2026-11-16T16:45:00Z'],
      ['in 2026-11-17T08:18:00Z', 'out 2026-11-17T16:45:00Z'],
    ]);
  });

  it.each(['13:00 p. m.', '0:30 AM', '7h75', '8:60 h', '8 x h', '09:00.000', '8:30 x', '8:60 a. m.', 'noon'])(
    'BUG-18: is refused by name: %s',
    async (written) => {
      const [row] = await interpreted(days(`1,2026-11-16,${written},18:00,`));
      expect(faulty(row).errors).toMatchObject([{ column: 'in', value: written, code: 'invalid_time' }]);
    },
  );
});
