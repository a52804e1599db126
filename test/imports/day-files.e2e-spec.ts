import { importBase as base, ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');
const date = '2026-11-16';

const file = (pause: string) => `employeeNumber;date;in;out;breakMinutes\n0077;${date};08:00;17:00;${pause}\n`;

describe('the break column of a file of days', () => {
  it.each(['60', '1:00', '01:00:00', '1,0 h', '60 min', '1 Std.'])('BUG-03: takes %s off the pay', async (pause) => {
    await scene.imported({ csvText: file(pause) });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });

  it.each([
    ['0:45', 495],
    ['0,75', 495],
    ['0.5', 510],
    ['0', 540],
  ])('BUG-03: with %s pays %i minutes', async (pause, payableMinutes) => {
    await scene.imported({ csvText: file(pause) });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes });
  });

  it('BUG-03: is shown in the preview, and stored once', async () => {
    const looked = await scene.preview({ csvText: file('60') });
    expect(looked.body.items[0].punches).toMatchObject([
      { type: 'in', local: `${date}T08:00:00` },
      { type: 'break_start', local: `${date}T12:00:00` },
      { type: 'break_end', local: `${date}T13:00:00` },
      { type: 'out', local: `${date}T17:00:00` },
    ]);
    expect((await scene.imported({ csvText: file('60') })).counts).toMatchObject({ create: 4 });
    expect((await scene.imported({ csvText: file('60') })).counts).toMatchObject({ create: 0, skip: 4 });
  });

  it('BUG-03: is replaced by an overriding file, and comes back with its rollback', async () => {
    await scene.imported({ csvText: file('60') });
    const { id, counts } = await scene.imported({ csvText: file('30'), mode: 'override' });
    expect(counts).toMatchObject({ create: 0, update: 1 });
    expect(await scene.paid(date)).toEqual({ payableMinutes: 510, breakMinutes: 30 });
    expect((await scene.acme.admin.api.post(`${base}/rollback/${id}`)).status).toBe(200);
    expect(await scene.paid(date)).toEqual({ payableMinutes: 480, breakMinutes: 60 });
  });

  it('BUG-03: comes back in the error file, as it was written', async () => {
    const body = { csvText: file('lots') };
    const looked = await scene.preview(body);
    expect(looked.body).toMatchObject({
      counts: { create: 0, reject: 1 },
      errors: [{ line: 2, column: 'breakMinutes', value: 'lots', code: 'invalid_break' }],
    });
    const { batchId } = (await scene.commit(body, looked)).body as { batchId: string };
    const rows = await scene.acme.admin.api.get(`${base}/batches/${batchId}/errors?as=rows`);
    const [header, row] = rows.text.split('\r\n');
    expect(header?.split(',').slice(0, 5)).toEqual(['employeeNumber', 'date', 'in', 'out', 'breakMinutes']);
    expect(row?.split(',').slice(0, 6)).toEqual(['0077', date, '08:00', '17:00', 'lots', 'invalid_break']);
  });
});
