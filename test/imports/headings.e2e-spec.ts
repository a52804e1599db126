import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';

/** The columns of a file with these headings that the product reads, and what it says about the others. */
async function read(headings: readonly string[], cells: readonly string[]) {
  const csvText = `${headings.join(';')}\n${cells.join(';')}\n`;
  const { counts, mapping, unreadColumns, warnings } = (await scene.preview({ csvText })).body;
  return { counts, fields: mapping?.fields as Record<string, string> | undefined, unreadColumns, warnings };
}

describe('the headings of the two times of a day', () => {
  it('are known in many words and languages', async () => {
    const pairs =
      `In Time|Out Time|Punch In|Punch Out|Clock-In Time|Clock-Out Time|Sign In|Sign Out|Login Time|Logout Time|
      Arrival Time|Departure Time|Time of Entry|Time of Exit|Actual In|Actual Out|First Punch|Last Punch|From Time|To Time|
      Arrivée|Départ|Heure d'arrivée|Heure de départ|ENTRÉE|SORTIE|Début|Fin|Entrata|Uscita|Ora di entrata|Ora di uscita|
      Kommen|Gehen|Kommt-Zeit|Geht-Zeit|Arbeitsbeginn|Arbeitsende|Entrada|Salida|Hora de entrada|Hora de salida|Entrada|Saída|
      Chegada|Saída|Aankomst|Vertrek|Begintijd|Eindtijd|Prichod|Odchod|Wejście|Wyjście|Giriş|Çıkış|GİRİŞ SAATİ|ÇIKIŞ SAATİ|Masuk|Keluar|
      Jam Masuk|Jam Pulang|Приход|Уход|出勤時刻|退勤時刻|출근시간|퇴근시간`
        .split('|')
        .map((each) => each.trim());
    for (let at = 0; at < pairs.length; at += 2) {
      const [start, end] = [pairs[at] ?? '', pairs[at + 1] ?? ''];
      const found = await read(['employeeNumber', 'date', start, end], ['0077', date, '08:00', '17:00']);
      expect([start, end, found]).toMatchObject([
        start,
        end,
        { counts: { create: 2, reject: 0 }, fields: { in: start, out: end }, warnings: [], unreadColumns: [] },
      ]);
    }
  });

  it('are those of the second pair where the file has two, by their number or by their place', async () => {
    const cells = ['0077', date, '08:00', '12:00', '13:00', '17:00'];
    for (const [in2, out2] of [
      ['In Time 2', 'Out Time 2'],
      ['In Time', 'Out Time'],
    ] as const)
      expect(await read(['employeeNumber', 'date', 'In Time', 'Out Time', in2, out2], cells)).toMatchObject({
        counts: { create: 4 },
        unreadColumns: [],
      });
  });

  it('make a day that is paid, in a file that is Italian from its first heading on', async () => {
    await scene.imported({ csvText: 'Matricola;Data;Entrata;Uscita;Pausa\n0077;16/11/2026;8:00;17:00;60\n' });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });

  it.each(['Shift In', 'Planned In', 'Entry', 'Login', 'In Date', 'Checkin Location', 'Fine'])(
    'are not those of another thing: %s',
    async (heading) => {
      const found = await read(['employeeNumber', 'date', 'in', 'out', heading], ['0077', date, '08:00', '17:00', 'x']);
      expect(found).toMatchObject({ counts: { create: 2 }, unreadColumns: [heading], warnings: ['column_unread'] });
      const alone = await read(['employeeNumber', 'date', heading], ['0077', date, '08:00']);
      expect(alone.fields?.in).toBeUndefined();
    },
  );
});
