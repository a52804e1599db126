import { UpgradeDatabase } from '../support/upgrade';

const acme = '00000000-0000-4000-8000-00000000000a';
let upgrade: UpgradeDatabase;
beforeAll(async () => {
  upgrade = await UpgradeDatabase.at('terminals');
});
afterAll(() => upgrade.database.drop());

it('the migrations of outages and of those who hold secrets leave a terminal as it is, and are taken back', async () => {
  const { database } = upgrade;
  await database.sql(`INSERT INTO tenants (id, slug, name) VALUES ('${acme}', 'acme', 'Acme')`);
  await database.sql(
    `INSERT INTO devices (tenant_id, serial_number, name, time_zone, states, secret_hash, serial_only, created_by)
     VALUES ('${acme}', 'AB1', 'Door', 'UTC', '{}', sha256('s'), true, '${acme}')`,
  );
  const before = await upgrade.rows();
  await upgrade.to('terminal-secret-holders');
  expect(await database.sql('SELECT away_from, away_until, secret_holders FROM devices')).toEqual([
    { away_from: null, away_until: null, secret_holders: [] },
  ]);
  await upgrade.to('terminals');
  expect(await upgrade.rows()).toEqual(before);
});
