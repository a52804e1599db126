import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const fields = { employee: 'Personalnummer', date: 'Datum', in: 'von', out: 'bis', breakMinutes: 'Pause' };

/** A profile as an earlier version may have stored it. */
const kept = (mapping: object) =>
  scene.server.database.sql(
    `INSERT INTO import_profiles (tenant_id, name, kind, mapping, columns, headings, signature, created_by)
     VALUES ($1, 'Gate', 'days', $2::json, $3::json, '{}', 'none', $4)`,
    [scene.acme.id, JSON.stringify(mapping), JSON.stringify(Object.values(fields)), scene.acme.admin.id],
  );

const file = (...rows: string[]) => ({
  profile: 'Gate',
  csvText: `Personalnummer;Datum;von;bis;Pause\n${rows.map((row) => `0077;${row}`).join('\n')}\n`,
});

describe('a profile that an earlier version has stored', () => {
  it('has the present default of what it leaves out, and the preview names it', async () => {
    await kept({ fields });
    const body = file('16/11/26;08.30;16.45;0.45');
    expect((await scene.preview(body)).body).toMatchObject({
      mapping: { dateFormat: 'DD/MM/YYYY', decimalTimes: 'minutes', breakUnit: 'clock', ignoreTexts: false },
      guesses: [
        { about: 'dateFormat', value: 'DD/MM/YYYY' },
        { about: 'decimalTimes', value: 'minutes' },
        { about: 'breakUnit', value: 'clock' },
      ],
    });
    await scene.imported(body);
    expect(await scene.paid('2026-11-16')).toEqual({ payableMinutes: 450, breakMinutes: 45 });
  });

  it('with an order of dates that the file contradicts stores nothing before the request says it', async () => {
    await kept({ fields, dateFormat: 'YYYY-MM-DD', decimalTimes: 'hours', ignoreTexts: false });
    const body = file('16/11/26;08:30;16:45;45');
    const looked = await scene.preview(body);
    expect(looked.body.guesses).toMatchObject([
      { about: 'dateFormat', value: 'YYYY-MM-DD', instead: 'DD/MM/YYYY', supported: 0, of: 1, mustBeSaid: true },
      { about: 'breakUnit' },
    ]);
    const refused = await scene.commit(body, looked);
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer: '/dateFormat' }]]);
    await scene.imported({ ...body, dateFormat: 'DD/MM/YYYY' });
    expect(await scene.paid('2026-11-16')).toEqual({ payableMinutes: 450, breakMinutes: 45 });
  });

  it('with another meaning of fractions than that of the file is named, and is what is read', async () => {
    await kept({ fields, dateFormat: 'DD/MM/YYYY', decimalTimes: 'hours', breakUnit: 'minutes' });
    const looked = await scene.preview(file('16.11.2026;0.375;0.75;0'));
    expect(looked.body.guesses).toEqual([
      { about: 'decimalTimes', value: 'hours', instead: 'days', supported: 0, of: 1, share: 0 },
    ]);
    expect(looked.body.mapping).toMatchObject({ decimalTimes: 'hours' });
  });

  it('with what the file says, or does not contradict, is asked about nothing', async () => {
    await kept({ fields, dateFormat: 'DD.MM.YYYY', decimalTimes: 'hours', breakUnit: 'minutes' });
    for (const date of ['16/11/2026', '05/11/2026', '2026-11-16', '05.11.26'])
      expect((await scene.preview(file(`${date};7.75;16.25;30`))).body).toMatchObject({ errors: [], guesses: [] });
  });
});
