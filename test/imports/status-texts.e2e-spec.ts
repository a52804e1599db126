import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';
const fileOf = (headings: string, cells: string) => ({ csvText: `${headings}\n0077,${date},${cells}\n` });
const two = 'In1,Out1,In2,Out2';
const chinese = '工号,日期,上班1打卡时间,下班1打卡时间,上班2打卡时间,下班2打卡时间';

describe('a cell of a time column that is no time', () => {
  it.each([
    [`Employee,Date,${two}`, '08:00,12:00,l3:00,l7:00', ['In2', 'Out2']],
    [`Employee,Date,${two}`, '08:00,12:00,noon,17:00', ['In2']],
    [`User ID,Date,${two}`, '08:00,12:00,13:00,five', ['Out2']],
    ['userId,date,in1,out1', '08:00,sick', ['out1']],
    [chinese, '08:00,12:00,l3:00,17:00', ['上班2打卡时间']],
    [chinese, '08:00,12:00,13:00,缺卡17:OO', ['下班2打卡时间']],
  ])('is an error of the row under %s: %s', async (headings, cells, columns) => {
    const looked = await scene.preview(fileOf(headings, cells));
    expect(looked.body.counts).toMatchObject({ create: 0, reject: 1 });
    expect((looked.body.errors as { column: string }[]).map(({ column }) => column)).toEqual(columns);
  });

  it('is a status in a file of DingTalk, which has words there', async () => {
    await scene.imported(fileOf(chinese, '08:00,17:00,休息,缺卡'));
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 540 });
  });

  it('is one where the mapping says so, and is a time still where it has digits', async () => {
    const mapping = {
      ignoreTexts: true,
      fields: { employee: 'Employee', date: 'Date', in: 'In1', out: 'Out1', in2: 'In2', out2: 'Out2' },
    };
    const [words, typo] = [
      await scene.preview({ ...fileOf(`Employee,Date,${two}`, '08:00,17:00,free,free'), mapping }),
      await scene.preview({ ...fileOf(`Employee,Date,${two}`, '08:00,12:00,l3:00,17:00'), mapping }),
    ];
    expect([words.body.counts, words.body.errors]).toMatchObject([{ create: 2 }, []]);
    expect(typo.body.errors).toMatchObject([{ column: 'In2', value: 'l3:00', code: 'invalid_time' }]);
  });
});
