import { importBase, ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');

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

  it('BUG-09: is asked about however late the first of them comes', async () => {
    const early = Array.from({ length: 20_000 }, () => '2026-10-05');
    const looked = await scene.preview(dates(...early, '24-11-26'));
    expect(looked.body.warnings).toContain('ambiguous_date_format');
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

describe.each([
  ['that the product knows', 'employeeNumber;date;in;out', ['employeeNumber', 'date', 'in', 'out']],
  ['that the mapping alone knows', 'Wer;Wann;Von wann;Bis wann', ['Wer', 'Wann', 'Von wann', 'Bis wann']],
])('a mapping without dateFormat, of columns %s', (_, header, [employee, date, start, end]) => {
  const fields = { employee, date, in: start, out: end };
  const dates = (...all: string[]) => ({
    csvText: `${header}\n${all.map((each) => `0077;${each};08:00;17:00\n`).join('')}`,
    kind: 'days',
  });
  const said = { mapping: { fields } };
  const stored = async () => {
    const profile = { name: 'Gate', kind: 'days', mapping: { fields } };
    expect((await scene.acme.admin.api.post(`${importBase}/profiles`, profile)).status).toBe(201);
    return { profile: 'Gate' };
  };

  it.each([
    ['16/11/26', 'DD/MM/YYYY'],
    ['16-11-26', 'DD/MM/YYYY'],
    ['11/16/26', 'MM/DD/YYYY'],
    ['26/11/16', 'YYYY-MM-DD'],
    ['16.11.2026', 'DD.MM.YYYY'],
    ['2026-11-16', 'YYYY-MM-DD'],
  ])('BUG-09: has it from the file: %s is %s', async (written, dateFormat) => {
    expect((await scene.preview({ ...dates(written), ...said })).body).toMatchObject({ mapping: { dateFormat } });
    await scene.imported({ ...dates(written), ...said });
    expect(await scene.paid('2026-11-16')).toMatchObject({ payableMinutes: 540 });
  });

  it('BUG-09: has it from the whole file, also as a profile', async () => {
    const early = Array.from({ length: 300 }, (_each, n) => `${String((n % 12) + 1).padStart(2, '0')}/10/2026`);
    const body = { ...dates(...new Set(early), '30/10/2026'), ...(await stored()) };
    expect((await scene.preview(body)).body.guesses).toMatchObject([{ value: 'DD/MM/YYYY', supported: 1 }]);
    await scene.imported(body);
    expect(await scene.paid('2026-10-30')).toMatchObject({ payableMinutes: 540 });
  });

  it.each(['05/11/2026', '24-11-26', '05/11/26'])(
    'BUG-09: is asked for it where the file cannot say: %s',
    async (written) => {
      for (const reading of [said, await stored()]) {
        const body = { ...dates(written), ...reading };
        const looked = await scene.preview(body);
        expect(looked.body.warnings).toContain('ambiguous_date_format');
        expect(looked.body.guesses).toMatchObject([{ mustBeSaid: true }]);
        const refused = await scene.commit(body, looked);
        expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer: '/dateFormat' }]]);
      }
      expect(await scene.server.database.count('punches', 'tenant_id = $1', [scene.acme.id])).toBe(0);
    },
  );

  it('BUG-09: is not asked where the mapping or the request says it', async () => {
    await scene.imported({ ...dates('25/11/24'), mapping: { fields, dateFormat: 'YYYY-MM-DD' } });
    expect(await scene.paid('2025-11-24')).toMatchObject({ payableMinutes: 540 });
    await scene.imported({ ...dates('05/11/2026'), ...said, dateFormat: 'DD/MM/YYYY' });
    expect(await scene.paid('2026-11-05')).toMatchObject({ payableMinutes: 540 });
  });

  it('E.2: is the same reading again under its idempotencyKey, and another dateFormat is another', async () => {
    const file = { ...dates('16/11/26'), ...said };
    const body = { ...file, idempotencyKey: 'november' };
    const done = await scene.commit(body, await scene.preview(file));
    const repeated = (more: object) =>
      scene.acme.admin.api.post(`${importBase}/commit`, { timeZone: 'Europe/Berlin', ...body, ...more });
    for (const same of [{}, { dateFormat: 'DD/MM/YYYY' }])
      expect((await repeated(same)).body).toMatchObject({ batchId: done.body.batchId, idempotent: true });
    for (const other of [
      { dateFormat: 'YYYY-MM-DD' },
      { mapping: { fields, dateFormat: 'YYYY-MM-DD' } },
      { mapping: { fields: { ...fields, out: start } } },
    ])
      expect(await repeated(other)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });
});
