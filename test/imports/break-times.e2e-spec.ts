import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';
const lunch = ['08:00', '12:00', '13:00', '17:00'];
const fileOf = (headings: readonly string[], cells: readonly string[]) =>
  `${['employeeNumber', 'date', ...headings].join(';')}\n${['0077', date, ...cells].join(';')}\n`;

describe('a day with its lunch in four columns of times', () => {
  it.each([
    ['in', 'lunch out', 'lunch in', 'out'],
    ['Time In', 'Lunch Out', 'Lunch In', 'Time Out'],
    ['Clock In', 'Break Out', 'Break In', 'Clock Out'],
    ['Clock In', 'Lunch In', 'Lunch Out', 'Clock Out'], // clocks into lunch first
    ['In', 'Out to Lunch', 'Back from Lunch', 'Out'],
    ['Start Time', 'Lunch Begin', 'Lunch Finish', 'Finish Time'],
    ['Start', 'Meal Start', 'Meal End', 'End'],
    ['In', 'Break 1 Start', 'Break 1 End', 'Out'],
    ['Kommen', 'Pause Beginn', 'Pause Ende', 'Gehen'],
    ['Kommen', 'Pause von', 'Pause bis', 'Gehen'],
    ['Kommen', 'Beginn Mittagspause', 'Ende Mittagspause', 'Gehen'],
    ['Entrada', 'Salida almuerzo', 'Regreso almuerzo', 'Salida'],
    ['Entrada', 'Salida a comer', 'Regreso de comer', 'Salida'],
    ['Entrada', 'Inicio descanso', 'Fin descanso', 'Salida'],
    ['Arrivée', 'Début pause', 'Fin de pause', 'Départ'],
    ['Entrata', 'Inizio pausa', 'Fine pausa', 'Uscita'],
    ['Entrada', 'Saída almoço', 'Retorno almoço', 'Saída'],
    ['出勤', '休憩開始', '休憩終了', '退勤'],
    ['Kommen', 'Gehen', 'Kommen', 'Gehen'],
    ['In', 'Out', 'In', 'Out'],
  ])('is paid without it: %s, %s, %s, %s', async (...headings) => {
    const looked = await scene.preview({ csvText: fileOf(headings, lunch) });
    expect(looked.body).toMatchObject({ counts: { create: 4, reject: 0 }, warnings: [], unreadColumns: [] });
    expect((await scene.commit({ csvText: fileOf(headings, lunch) }, looked)).status).toBe(200);
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });
});

describe('a column of times that nobody knows', () => {
  const headings = ['in', 'Siesta A', 'Siesta B', 'out', 'Notes'];
  const csvText = fileOf(headings, [...lunch, 'rain']);

  it('holds the commit, until the mapping says what it is', async () => {
    const looked = await scene.preview({ csvText });
    expect(looked.body).toMatchObject({
      warnings: ['column_unread', 'times_unread'],
      unreadColumns: ['Siesta A', 'Siesta B', 'Notes'],
      guesses: [
        { about: 'column', column: 'Siesta A', supported: 0, of: 1, mustBeSaid: true },
        { about: 'column', column: 'Siesta B', mustBeSaid: true },
      ],
    });
    const refused = await scene.commit({ csvText }, looked);
    expect([refused.status, refused.body.code, refused.body.errors]).toMatchObject([
      422,
      'import_file_invalid',
      [{ pointer: '/mapping', code: 'times_unread', detail: expect.stringContaining('Siesta A') }],
    ]);
    const { mapping } = looked.body;
    const fields = { ...mapping.fields, breakStart: 'Siesta A', breakEnd: 'Siesta B' };
    await scene.imported({ csvText, mapping: { ...mapping, fields } });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });

  it('holds it under a mapping of the request and of a profile, too, until one of them leaves it out', async () => {
    const { mapping } = (await scene.preview({ csvText })).body;
    const held = await scene.preview({ csvText, mapping });
    expect((await scene.commit({ csvText, mapping }, held)).body.errors[0].code).toBe('times_unread');

    const saidHere = { csvText, ignoreColumns: ['Siesta A', 'Siesta B'] };
    const looked = await scene.preview(saidHere);
    expect(looked.body).toMatchObject({ guesses: [], warnings: ['column_unread'], unreadColumns: ['Notes'] });
    expect((await scene.commit(saidHere, looked)).status).toBe(200);

    const profile = {
      name: 'Hacienda',
      kind: 'days',
      mapping: { ...mapping, ignoreColumns: ['siesta_a', 'siesta_b'] },
    };
    expect((await scene.acme.admin.api.post('/api/attendance/import/profiles', profile)).status).toBe(201);
    const kept = await scene.preview({ csvText, profile: 'Hacienda' });
    expect(kept.body).toMatchObject({ guesses: [], warnings: ['column_unread'], unreadColumns: ['Notes'] });
  });

  it.each([
    ['Notes', 'met at 12:30'],
    ['Room', '1204'],
    ['Received', '2026-11-16 08:00'],
    ['Total', '9:00'],
    ['Dauer', '8:00'],
    ['Overtime', '00:30'],
    ['On duty', '08:00'],
    ['Shift Start', '08:00'],
    ['Soll-Beginn', '08:00'],
  ])('is none of these, which stay a warning: %s with %s', async (heading, cell) => {
    const file = { csvText: fileOf(['in', 'out', heading], ['08:00', '17:00', cell]) };
    const looked = await scene.preview(file);
    expect(looked.body).toMatchObject({ guesses: [], warnings: ['column_unread'], unreadColumns: [heading] });
    expect((await scene.commit(file, looked)).status).toBe(200);
  });

  it('is one of which nearly all cells are times, wherever in the file the first of them stands', async () => {
    const rows = (late: number) =>
      Array.from({ length: 300 }, (_, n) => {
        const day = new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
        return `0077;${day};08:00;17:00;${n < 280 ? '' : n < 280 + late ? '12:00' : 'off site'}`;
      });
    const fileWith = (late: number) => ['employeeNumber;date;in;out;Siesta', ...rows(late), ''].join('\n');
    const [most, some] = [
      await scene.preview({ csvText: fileWith(19) }),
      await scene.preview({ csvText: fileWith(10) }),
    ];
    expect(most.body.guesses).toMatchObject([{ about: 'column', column: 'Siesta', supported: 1, of: 20, share: 0.05 }]);
    expect(some.body).toMatchObject({ guesses: [], warnings: ['column_unread'] });
  });
});
