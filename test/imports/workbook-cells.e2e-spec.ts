import { type Cell, workbook } from './reading/workbooks';
import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';

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

  describe.each([
    ['break', 'invalid_break', [8 / 24, 17 / 24], 540],
    ['hours', 'invalid_time', [8 / 24, 8 / 24], 0],
  ] as const)('a formula in a column of lengths: %s', (heading, code, [start, end], payable) => {
    const times = [start, end].map((value) => ({ value, style: TIME }));
    const of = (...cells: Cell[]) =>
      workbook({
        s: [['employeeNumber', 'date', 'in', 'out', heading], ...cells.map((cell) => ['0077', day, ...times, cell])],
      });

    it.each([
      ['a number', { formula: 'F2*1', value: 0 }],
      ['a time', { formula: 'F2*1', value: 0, style: TIME }],
      ['a duration', { formula: 'F2*1', value: 0, style: DURATION }],
    ])('with the value 0 is 0, shown as %s', async (_, cell) => {
      await scene.imported({ fileId: await scene.uploaded(of(cell)) });
      expect(await scene.paid(date)).toEqual({ payableMinutes: payable, breakMinutes: 0 });
    });

    it.each(['#REF!', '#N/A', '#DIV/0!', '#VALUE!'])('with the error %s is an error of the row', async (error) => {
      const fileId = await scene.uploaded(of({ formula: 'F2*1', error }));
      expect((await scene.preview({ fileId })).body).toMatchObject({
        counts: { create: 0, reject: 1 },
        errors: [{ line: 2, column: heading, value: error, code: 'formula_failed' }],
      });
    });

    it('without a value is an error of the row', async () => {
      const fileId = await scene.uploaded(of({ formula: 'F2*1' }));
      expect((await scene.preview({ fileId })).body.errors).toMatchObject([
        { line: 2, column: heading, value: '=F2*1', code: 'formula_without_value' },
      ]);
    });
  });

  it.each([['employeeNumber'], ['date'], ['in'], ['deviceId'], ['type']])(
    'the error of a formula is one of the row, and no value, in the column %s',
    async (column) => {
      const cells = { employeeNumber: '0077', date: '2026-11-16', in: '08:00', deviceId: 'gate', type: 'in' };
      const { in: start, type, ...others } = cells;
      const row = column === 'type' ? { ...others, time: start, type } : { ...others, in: start };
      const failed = Object.entries(row).map(([key, text]) =>
        key === column ? { formula: 'X1', error: '#N/A' } : text,
      );
      const fileId = await scene.uploaded(workbook({ s: [Object.keys(row), failed] }));
      expect((await scene.preview({ fileId })).body).toMatchObject({
        counts: { create: 0, reject: 1 },
        errors: [{ line: 2, column, value: '#N/A', code: 'formula_failed' }],
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
