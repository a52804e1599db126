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

  it('BUG-15: another number stays unknown', async () => {
    for (const written of ['770', '0', '7.7', '77x'])
      expect((await scene.preview(file(written))).body.errors).toMatchObject([{ code: 'unknown_person' }]);
  });
});
