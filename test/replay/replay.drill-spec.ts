import { execFile } from 'node:child_process';
import path from 'node:path';
import { Passwords } from '../../src/auth/passwords';
import { startServer, type TestServer } from '../support/server';

const script = path.resolve(__dirname, '../../scripts/replay-day.js');
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  const passwordHash = await server.app.get(Passwords, { strict: false }).hash('a day at the kiosk');
  const acme = await server.world.tenant('acme');
  await acme.person({ role: 'admin', email: 'admin@acme.test', passwordHash });
});
afterAll(() => server.close());

function replay(...options: string[]): Promise<{ code: number; output: string }> {
  const args = [script, '--url', server.url, '--password', 'a day at the kiosk', '--people', '30', ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

describe('a day over a bad network', () => {
  it('is stored to the last row, with half the requests sent twice and a fifth of the connections cut', async () => {
    const { code, output } = await replay();
    expect([code, output]).toEqual([0, expect.not.stringContaining('DIFFER')]);
  });

  it('changes nothing when it is told again', async () => {
    const { code, output } = await replay();
    expect([code, output]).toEqual([0, expect.stringMatching(/\(0 new\)/)]);
  });

  it('notices when a single punch is missing', async () => {
    await server.database.sql(
      `UPDATE punches SET status = 'deleted' WHERE id = (SELECT id FROM punches WHERE status = 'active' LIMIT 1)`,
    );
    const { code, output } = await replay();
    expect([code, output]).toEqual([1, expect.stringMatching(/DIFFER {2}the punches are those of the day/)]);
  });
});
