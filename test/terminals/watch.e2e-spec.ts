import { TerminalWatch } from '../../src/attendance/terminals/terminal-watch';
import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';
import { line, registered } from './terminal';

const { server, tenant: acme } = tenantForFile({}, startServer);

/** What the gauges show after a look at the database. */
async function counts(): Promise<{ skewed: number; silent: number }> {
  await server.app.get(TerminalWatch, { strict: false }).look();
  const { text } = await server.stranger.get('/metrics');
  const of = (name: string) => Number(new RegExp(`^terminals_${name}(?:\\{[^}]*\\})? (\\d+)$`, 'm').exec(text)?.[1]);
  return { skewed: of('skewed'), silent: of('silent') };
}
const set = (id: string, what: string) => server.database.sql(`UPDATE devices SET ${what} WHERE id = $1`, [id]);

describe('B.2: gauges over the terminals of all tenants', () => {
  it('count those with a wrong clock: held lines, or a skew beyond five minutes', async () => {
    const { id, terminal } = await registered(server.stranger, acme);
    await terminal.signOn();
    expect(await counts()).toEqual({ skewed: 0, silent: 0 });
    await terminal.tell([line('1', '2000-01-01 00:07:12')]);
    expect((await counts()).skewed).toBe(1);
    await set(id, 'clock_doubted_at = NULL, skew_ms = -400000');
    expect((await counts()).skewed).toBe(1);
    await set(id, 'skew_ms = 200000');
    expect((await counts()).skewed).toBe(0);
  });

  it('count those that have not called for an hour, until they are taken out of use', async () => {
    const { id } = await registered(server.stranger, acme);
    expect((await counts()).silent).toBe(0);
    await set(id, `last_seen_at = now() - interval '2 hours'`);
    expect((await counts()).silent).toBe(1);
    await acme.admin.api.patch(`/api/devices/${id}`, { status: 'suspended' });
    expect((await counts()).silent).toBe(0);
  });
});
