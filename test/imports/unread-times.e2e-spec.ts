import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';
const fileOf = (headings: string, cells: string) => ({ csvText: `${headings}\n${cells}\n` });
const withTimes = (headings: string, cells = '17:00,20:00') =>
  fileOf(`Employee,Date,In,Out,${headings}`, `0077,${date},08:00,16:00,${cells}`);

async function heldFor(file: { csvText: string }): Promise<string[]> {
  const looked = await scene.preview(file);
  const refused = await scene.commit(file, looked);
  expect([refused.status, refused.body.errors]).toMatchObject([422, [{ code: 'times_unread' }]]);
  expect(looked.body.warnings).toContain('times_unread');
  const guesses = looked.body.guesses as { about: string; column?: string }[];
  return guesses.filter(({ about }) => about === 'column').map(({ column }) => column ?? '');
}

describe('times that are not read hold the commit in the layout of a known exporter', () => {
  const dates = `0077,${date},09:00,${date},18:00`;
  it.each([
    ['User ID,Date,In1,Out1,In2,Out2,In3,Out3,In4,Out4', `0077,${date},8:00,10:00,10:15,12:00,13:00,15:00,15:15,17:00`],
    ['Employee,Start Date,Start Time,End Date,End Time,Mid Out,Mid In', `${dates},12:00,13:00`],
    ['Employee,Start Date,Start Time,End Date,End Time,Duration (h),Siesta', `${dates},8:00,12:00`],
    ['Employee,Date,Client,Task,Hours,Vanished', `0077,${date},C,T,7.5,12:00`],
    ['工号,日期,上班1打卡时间,下班1打卡时间,上班4打卡时间', `0077,${date},08:00,17:00,18:00`],
  ])('%s', async (headings, cells) => {
    expect((await heldFor(fileOf(headings, cells))).length).toBeGreaterThan(0);
  });

  it('but not for its lengths', async () => {
    const file = fileOf('Employee,Start Date,Start Time,End Date,End Time,Duration', `${dates},9:00:00`);
    const looked = await scene.preview(file);
    expect(looked.body.warnings).toEqual(['column_unread']);
    expect((await scene.commit(file, looked)).status).toBe(200);
  });
});

describe('times that are not read hold the commit under a heading with a word of lengths or plans', () => {
  it.each([
    'Overtime In,Overtime Out',
    'OvertimeIn1,OvertimeOut1',
    'Shift 2 In,Shift 2 Out',
    'Shift 2 Start,Shift 2 End',
    'Second shift in,Second shift out',
    'Schicht 2 Kommen,Schicht 2 Gehen',
    'Late In,Late Out',
    'Extra start,Extra end',
    'Ist-Beginn,Ist-Ende',
    'Horas extra entrada,Horas extra salida',
    'Store,Restore',
    'Dentist,Plant',
    'Late lunch,Early lunch',
  ])('%s', async (headings) => {
    expect(await heldFor(withTimes(headings))).toEqual(headings.split(','));
  });

  it('until the mapping reads it, or leaves it out', async () => {
    const file = withTimes('Overtime In,Overtime Out');
    const { mapping } = (await scene.preview(file)).body;
    const fields = { ...mapping.fields, in2: 'Overtime In', out2: 'Overtime Out' };
    await scene.imported({ ...file, mapping: { ...mapping, fields } });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 660, breakMinutes: 60 });
    const left = await scene.preview({ ...file, ignoreColumns: ['Overtime In', 'Overtime Out'] });
    expect(left.body.guesses).toEqual([]);
  });

  it.each([
    ['Total', 'Overtime hours'],
    ['Gesamtstunden', 'Überstunden'],
    ['Late', 'Early'],
    ['Planned In', 'Planned Out'],
    ['On duty', 'Off duty'],
    ['Schichtbeginn', 'Schichtende'],
    ['Inicio turno', 'Fin turno'],
    ['加班时长', '予定開始'],
    ['Ore', 'Saldo'],
  ])('but not for what surely is one: %s, %s', async (...headings) => {
    const looked = await scene.preview(withTimes(headings.join(','), '08:00,16:00'));
    expect(looked.body).toMatchObject({ guesses: [], warnings: ['column_unread'], unreadColumns: headings });
  });
});

describe('numbers that are like times hold the commit under a heading that names the end of a span', () => {
  it.each([
    ['In 4,Out 4', '1730,2015'],
    ['Overtime In,Overtime Out', '17.5,20.25'],
    ['Kommen 4,Gehen 4', '830,1715'],
    ['Uhrzeit 2,Uhrzeit 3', '0830,1715'],
    ['Return from errand,Errand from', '8.5,7.75'],
    ['Sortie 4,Pause 2 bis', '"17,15",1230'],
  ])('%s: %s', async (headings, cells) => {
    expect(await heldFor(withTimes(headings, cells))).toEqual(headings.split(','));
  });

  it('where most of the cells are such', async () => {
    const rows = ['1730', '18', 'at home', ''].map((cell, n) => `0077,2026-11-${16 + n},08:00,16:00,${cell}`);
    const file = fileOf('Employee,Date,In,Out,Out 4', rows.join('\n'));
    expect(await heldFor(file)).toEqual(['Out 4']);
    const { guesses } = (await scene.preview(file)).body;
    expect(guesses).toMatchObject([{ about: 'column', column: 'Out 4', supported: 1, of: 3, mustBeSaid: true }]);
    await scene.imported({ ...file, ignoreColumns: ['Out 4'] });
  });

  it.each([
    ['Days off,Entry', '1.5,1003'],
    ['Start balance,End balance', '8.5,12.25'],
    ['Out 4,Gate in', '8,3'],
    ['Room from,Room to', '8000,12345'],
    ['Start year,Cost', '2026,1715'],
    ['Project,Amount', '830,8.5'],
  ])('but not where they are surely something else: %s, %s', async (headings, cells) => {
    const looked = await scene.preview(withTimes(headings, cells));
    expect(looked.body).toMatchObject({ guesses: [], warnings: ['column_unread'], unreadColumns: headings.split(',') });
  });
});
