import { startServer, type TestServer } from '../support/server';
import { ImportScene } from './scene';

let server: TestServer;
let scene: ImportScene;
const date = '2026-11-16';

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  scene = await ImportScene.open(server, '0077');
});

describe('what a cell of a file means', () => {
  it.each(['16-Nov-2026', '"November 16, 2026"', '16 de noviembre de 2026'])(
    'BUG-17: a date names its month: %s',
    async (written) => {
      await scene.imported({ csvText: `Emp Code,Date,In,Out\n0077,${written},09:00,18:00\n` });
      expect(await scene.paid(date)).toMatchObject({ payableMinutes: 540 });
    },
  );

  it('BUG-18: a time names its half of the day in Spanish', async () => {
    const csvText = 'Legajo;Fecha;Entrada;Salida\n0077;16/11/2026;8:00:00 a. m.;5:00:00 p. m.\n';
    await scene.imported({ csvText });
    expect(await scene.paid(date)).toMatchObject({ payableMinutes: 540 });
  });
});
