import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';
const withBreaks = (headings: string, cells: string) => ({
  csvText: `Employee;Date;In;Out;${headings}\n0077;${date};08:00;17:00;${cells}\n`,
});

describe('a column of breaks beside the one that is read', () => {
  it.each([
    ['Break 1;Break 2', '30;30', ['Break 2']],
    ['Pause Vormittag;Mittagspause', '25;30', ['Pause Vormittag']],
    ['Break;Lunch;Coffee break', '15;30;10', ['Lunch', 'Coffee break']],
    ['Unpaid break (h);Meal break (min)', '0,5;30', ['Meal break (min)']],
    ['Break;Frühstückspause', '30;15 min', ['Frühstückspause']],
    ['休憩時間;午前休憩', '60;15', ['午前休憩']],
    ['Tea break;Notes', '15;rain', ['Tea break']],
  ])('holds the commit: %s', async (headings, cells, columns) => {
    const file = withBreaks(headings, cells);
    const looked = await scene.preview(file);
    expect(looked.body.warnings).toEqual(['column_unread', 'breaks_unread']);
    const guesses = looked.body.guesses as { about: string; column?: string }[];
    expect(guesses.flatMap(({ about, column }) => (about === 'breakColumn' ? [column] : []))).toEqual(columns);
    const refused = await scene.commit(file, looked);
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ code: 'breaks_unread' }]]);
    const left = await scene.preview({ ...file, ignoreColumns: columns });
    expect(left.body.warnings).not.toContain('breaks_unread');
    expect((await scene.commit({ ...file, ignoreColumns: columns }, left)).status).toBe(200);
  });

  it('holds it where it is written as 0:30, too', async () => {
    const file = withBreaks('Break 1;Break 2', '0:30;0:30');
    const refused = await scene.commit(file, await scene.preview(file));
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ code: 'times_unread' }]]);
  });

  it.each([
    ['Paid break', '30'],
    ['Number of breaks', '2'],
    ['Break type', 'lunch'],
    ['Break 2', '0'],
    ['Break 2', ''],
    ['Meal allowance', '12'],
    ['休息天数', '2'],
  ])('is none of these, which stay a warning: %s with %s', async (heading, cell) => {
    const looked = await scene.preview(withBreaks(`Break;${heading}`, `30;${cell}`));
    expect(looked.body).toMatchObject({ warnings: ['column_unread'], unreadColumns: [heading] });
  });
});
