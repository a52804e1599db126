import { Client } from 'pg';
import { UpgradeDatabase } from '../support/upgrade';

const acme = '00000000-0000-4000-8000-00000000000a';

let upgrade: UpgradeDatabase;
let server: Client;
beforeAll(async () => {
  upgrade = await UpgradeDatabase.at('punch-accuracy');
  server = new Client({ connectionString: upgrade.database.urls.runtime });
  await server.connect();
  await upgrade.database.sql(`INSERT INTO tenants (id, slug, name) VALUES ('${acme}', 'acme', 'Acme')`);
  await upgrade.database.sql(`INSERT INTO users (tenant_id, id, name) VALUES ('${acme}', '${acme}', 'Ada')`);
});
afterAll(async () => {
  await server.end();
  await upgrade.database.drop();
});

/** As the server does it: inside the tenant. */
async function asServer(sql: string): Promise<unknown[]> {
  await server.query(`BEGIN; SELECT set_config('app.tenant_id', '${acme}', true)`);
  const { rows } = await server.query<Record<string, unknown>>(sql);
  await server.query('COMMIT');
  return rows;
}

describe('the migration of change notices', () => {
  it('touches no row of before, announces what is changed from then on, and is taken back without a trace', async () => {
    const before = await upgrade.rows();
    await upgrade.to('change-notices');
    expect(await upgrade.rows()).toEqual(before);
    const heard: (string | undefined)[] = [];
    server.on('notification', ({ payload }) => heard.push(payload));
    await server.query('LISTEN rollcall_changes');
    await asServer(`UPDATE users SET version = version + 1`);
    await asServer(`UPDATE users SET status = 'deactivated'`);
    await asServer(`INSERT INTO user_roles (tenant_id, user_id, role) VALUES ('${acme}', '${acme}', 'admin')`);
    await asServer('DELETE FROM user_roles');
    await asServer(`UPDATE tenants SET status = 'deactivated'`);
    await upgrade.to('punch-accuracy');
    await asServer(`UPDATE tenants SET status = 'active'`);
    await asServer(`UPDATE users SET status = 'active'`);
    expect(heard).toEqual([...Array.from({ length: 3 }, () => `${acme} ${acme}`), acme]);
    await upgrade.to('change-notices');
  });
});

describe('the migration of API keys', () => {
  const key = `INSERT INTO api_keys (tenant_id, name, prefix, secret_hash, permissions, allowed_networks, holders, created_by)
    VALUES ('${acme}', 'Gate', 'rck_00000000', sha256('s'), '{attendance:read}', '{}', '{}', '${acme}')`;
  const placeOf = (secret: string) => asServer(`SELECT tenant_id AS tenant FROM api_key_place(sha256('${secret}'))`);

  it('touches no row of before, finds a key by its hash, and is taken back with the keys alone', async () => {
    await upgrade.to('change-notices');
    const before = await upgrade.rows();
    await upgrade.to('api-keys');
    expect(await upgrade.rows('api_keys')).toEqual(before);
    await asServer(key);
    expect([await placeOf('s'), await placeOf('t')]).toEqual([[{ tenant: acme }], []]);
    await asServer(`UPDATE api_keys SET former_hash = secret_hash, former_until = now(), secret_hash = sha256('t')`);
    expect([await placeOf('s'), await placeOf('t')]).toEqual([[{ tenant: acme }], [{ tenant: acme }]]);
    await upgrade.to('change-notices');
    expect(await upgrade.rows()).toEqual(before);
    await upgrade.to('api-keys');
    expect(await placeOf('t')).toEqual([]);
  });
});
