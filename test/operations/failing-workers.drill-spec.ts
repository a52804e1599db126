import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { startServer } from '../support/server';
import { until } from '../support/until';

describe('the workers behind the requests', () => {
  it('B8: back off while the database is away, name kind, cause and next try, show it, and go on by themselves', async () => {
    const lines: string[] = [];
    const heard = jest.spyOn(Logger.prototype, 'warn').mockImplementation((line) => lines.push(String(line)));
    const working = await startServer({ DAY_WORKER: 'on', IMPORT_WORKER: 'on', EXPORT_WORKER: 'on' });
    const outside = new Client({ connectionString: working.database.urls.superuser });
    await outside.connect();
    try {
      const failing = async () =>
        (await working.stranger.get('/metrics')).text.match(
          /^rollcall_worker_failing\{worker="(days|imports|exports)"\} 1$/gm,
        )?.length ?? 0;
      expect(await failing()).toBe(0);
      await outside.query(`ALTER DATABASE ${working.database.name} CONNECTION LIMIT 0`);
      await outside.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename LIKE 'rollcall%'`,
        [working.database.name],
      );
      await until(async () => (await failing()) === 3, 'all of them are seen to fail');
      const ofDays = () => lines.filter((line) => line.startsWith('Looking for days'));
      await until(() => ofDays().length >= 3, 'it has been tried three times');
      const pauses = ofDays().map((line) =>
        Number(/^Looking for days to compute failed: database_unavailable: .+; next try in (\d+) s$/.exec(line)?.[1]),
      );
      expect(pauses.slice(0, 3)).toEqual([1, 2, 4]);
      const { status, body } = await working.stranger.get('/health/full');
      expect([status, body.status]).toEqual([503, 'unhealthy']);
      expect(body.workers.imports).toEqual({
        status: 'failing',
        since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        code: 'database_unavailable',
      });
      await outside.query(`ALTER DATABASE ${working.database.name} CONNECTION LIMIT -1`);
      await until(async () => (await failing()) === 0, 'all of them work again');
      expect((await working.stranger.get('/health/full')).body.workers.imports).toEqual({ status: 'ok' });
    } finally {
      heard.mockRestore();
      await outside.end();
      await working.close();
    }
  });
});
