import { UpgradeDatabase } from '../support/upgrade';

let upgrade: UpgradeDatabase;
beforeAll(async () => {
  upgrade = await UpgradeDatabase.at('role-batches');
});
afterAll(() => upgrade.database.drop());

const functions = () =>
  upgrade.database.sql(
    `SELECT proname AS name, proowner::regrole::text AS owner, has_function_privilege('rollcall_app', oid, 'EXECUTE') AS server,
       has_function_privilege('rollcall_janitor', oid, 'EXECUTE') AS others
     FROM pg_proc WHERE proname LIKE 'monitored_%' ORDER BY 1`,
  );
const given = { owner: 'rollcall_directory', server: true, others: false };

describe('the migration of monitoring', () => {
  it('touches no row of before, gives the server what it may call, and is taken back without a trace', async () => {
    await upgrade.database.sql(`INSERT INTO tenants (slug, name) VALUES ('acme', 'Acme')`);
    const before = await upgrade.rows();
    await upgrade.to('monitoring');
    expect(await upgrade.rows()).toEqual(before);
    expect(await functions()).toEqual([
      { name: 'monitored_connections', ...given },
      { name: 'monitored_statements', ...given },
    ]);
    await upgrade.to('role-batches');
    expect([await functions(), await upgrade.rows()]).toEqual([[], before]);
    await upgrade.to('monitoring');
  });
});
