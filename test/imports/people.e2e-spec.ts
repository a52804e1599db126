import { workbook } from './reading/workbooks';
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

  it('BUG-15: a number of a card, of twelve digits and more, may have lost its zeros as well', async () => {
    for (const [full, written] of [
      ['000123456789012', '123456789012'],
      ['0012345678901234', '12345678901234'],
      ['00000000012345678901', '12345678901'],
    ] as const) {
      await scene.renumber(full);
      const fileId = await scene.uploaded(
        workbook({
          s: [
            ['employeeNumber', 'date', 'in', 'out'],
            [{ value: Number(written) }, date, '08:00', '17:00'],
          ],
        }),
      );
      expect((await scene.preview({ fileId })).body).toMatchObject({ counts: { reject: 0 }, errors: [] });
      expect((await scene.preview(file(written))).body.errors).toEqual([]);
    }
    const other = await scene.acme.person({});
    await scene.server.database.sql('UPDATE users SET employee_number = $2 WHERE id = $1', [other.id, '012345678901']);
    expect((await scene.preview(file('12345678901'))).body.errors).toMatchObject([{ code: 'ambiguous_person' }]);
  });

  it('a number of which a spreadsheet has cut digits off is nobody, and says so', async () => {
    await scene.renumber('123456789012');
    for (const written of ['1.23457E+11', '"1,23457E+11"', '1.23457e11', '123457000000', '123456789012345000'])
      expect((await scene.preview(file(written))).body).toMatchObject({
        counts: { create: 0, reject: 1 },
        errors: [{ column: 'employee', value: written.replaceAll('"', ''), code: 'digits_lost' }],
      });
    const fileId = await scene.uploaded(
      workbook({
        s: [
          ['employeeNumber', 'date', 'in', 'out'],
          [{ value: 123_457_000_000 }, date, '08:00', '17:00'],
        ],
      }),
    );
    expect((await scene.preview({ fileId })).body.errors).toMatchObject([{ code: 'digits_lost' }]);
  });

  it('a number that only looks so is that of who has it', async () => {
    for (const number of ['1.5E+11', '500000000000']) {
      await scene.renumber(number);
      expect((await scene.preview(file(number))).body).toMatchObject({ counts: { create: 2, reject: 0 } });
    }
  });

  it('BUG-15: another number stays unknown', async () => {
    for (const written of ['770', '0', '7.7', '77x'])
      expect((await scene.preview(file(written))).body.errors).toMatchObject([{ code: 'unknown_person' }]);
  });
});
