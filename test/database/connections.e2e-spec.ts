import { Socket } from 'node:net';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';

describe('the connections of the pool', () => {
  let server: TestServer;
  const kept = jest.spyOn(Socket.prototype, 'setKeepAlive');
  beforeAll(async () => {
    server = await startServer({ DATABASE_CONNECTION_MAX_AGE_MS: '1000' });
  });
  afterAll(async () => {
    kept.mockRestore();
    await server.close();
  });

  const backends = async () =>
    (
      await server.database.sql<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = $1 AND usename = 'rollcall_app'`,
        [server.database.name],
      )
    ).map(({ pid }) => pid);

  it('B5: are kept alive by TCP, and replaced when they are old, without a request that notices', async () => {
    const { api } = (await server.world.tenant()).admin;
    const ask = async () => {
      expect((await api.get('/api/punches')).status).toBe(200);
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    expect(kept).toHaveBeenCalledWith(true, 10_000);
    const first = await backends();
    expect(first.length).toBeGreaterThan(0);
    await until(async () => {
      await ask();
      const now = await backends();
      return now.length > 0 && !now.some((pid) => first.includes(pid));
    }, 'all of the first have been replaced');
  });

  it('B5: are ended when they are old and nobody uses them', async () => {
    await until(async () => (await backends()).length === 0, 'none is left');
  });
});
