import { startServer, type TestServer } from '../support/server';
import { type Cell, workbook } from './reading/workbooks';
import { ImportScene } from './scene';

let server: TestServer;
let scene: ImportScene;
const date = '2026-11-16';

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  scene = await ImportScene.open(server, '0077');
});

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
    await server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [other.id, '077']);
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

  it('A.3: a time that would land decades away is an error of the row, with the value as read', async () => {
    const fileId = await scene.uploaded(
      sheet(['0077', day, { value: 22 / 24, style: TIME }, { value: 2.25, style: TIME }]),
    );
    const { counts, errors } = (await scene.preview({ fileId })).body;
    expect(counts).toMatchObject({ create: 0, reject: 1 });
    expect(errors).toMatchObject([{ column: 'out', code: 'implausible_date', value: '1900-01-01T06:00:00' }]);
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
