import { Client } from 'pg';
import { UpgradeDatabase } from '../support/upgrade';

const acme = '00000000-0000-4000-8000-00000000000a';
const terminals = [
  'devices',
  'pin_bindings',
  'device_offsets',
  'device_rejects',
  'unclaimed_devices',
  'disputed_serials',
];

let upgrade: UpgradeDatabase;
beforeAll(async () => {
  upgrade = await UpgradeDatabase.at('exports');
});
afterAll(() => upgrade.database.drop());

/** As the server does it: over its own login, inside the tenant. */
async function asServer(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: upgrade.database.urls.runtime });
  await client.connect();
  try {
    await client.query(`BEGIN; SELECT set_config('app.tenant_id', '${acme}', true)`);
    const { rows } = await client.query<Record<string, unknown>>(sql);
    await client.query('COMMIT');
    return rows;
  } finally {
    await client.end();
  }
}

const punch = (minute: number) =>
  `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
   VALUES ('${acme}', new_id(), '${acme}', 'in', '2026-03-02T08:${minute}:00Z', now(), 0, 'terminal', '{}', '${acme}')`;
const device = `INSERT INTO devices (tenant_id, serial_number, name, time_zone, states, secret_hash, serial_only, created_by)
   VALUES ('${acme}', 'AB1', 'Door', 'UTC', '{}', sha256('s'), true, '${acme}') RETURNING proven_networks`;

describe('the migration of terminals', () => {
  it('carries a tenant at work over: no row changes, and the server can use what is new', async () => {
    await upgrade.database.sql(
      `INSERT INTO tenants (id, slug, name, settings) VALUES ('${acme}', 'acme', 'Acme', '{"allowedNetworks": ["10.0.0.0/8", "none"]}')`,
    );
    await upgrade.database.sql(`INSERT INTO users (tenant_id, id, name) VALUES ('${acme}', '${acme}', 'Ada')`);
    await asServer(punch(10));
    const before = await upgrade.rows();
    expect([before['punches'], before['dirty_days']]).toEqual([[expect.any(String)], [expect.any(String)]]);
    await upgrade.to('terminals');
    expect(await upgrade.rows(...terminals)).toEqual(before);
    expect(await asServer(device)).toEqual([{ proven_networks: [] }]);
    expect(await asServer(`SELECT network FROM network_listings('{10.1.2.3}')`)).toEqual([{ network: '10.0.0.0/8' }]);
    await asServer(punch(11));
  });

  it('is taken back with the terminals alone, and comes again without them', async () => {
    const before = await upgrade.rows(...terminals);
    await upgrade.to('exports');
    expect(await upgrade.rows()).toEqual(before);
    await asServer(punch(12));
    await upgrade.to('terminals');
    expect(await asServer('SELECT serial_number FROM devices')).toEqual([]);
    expect(await asServer(device)).toHaveLength(1);
    expect(await upgrade.database.count('punches')).toBe(3);
  });
});

describe('the migration of what a payroll file leaves out', () => {
  const job = `INSERT INTO export_jobs (tenant_id, id, query, created_by) VALUES ('${acme}', new_id(), '{"kind": "totals"}', '${acme}')`;
  const jobs = 'SELECT query, left_out FROM export_jobs';

  it('carries the jobs of before over, which left out nothing that anybody knows, and is taken back without a trace', async () => {
    await upgrade.to('terminal-secret-holders');
    await asServer(job);
    const before = await upgrade.rows('export_jobs');
    await upgrade.to('export-left-out');
    expect(await upgrade.rows('export_jobs')).toEqual(before);
    expect(await asServer(jobs)).toEqual([{ query: { kind: 'totals' }, left_out: null }]);
    await asServer(`UPDATE export_jobs SET left_out = '[{"minutes": 60}]'`);
    expect(await asServer(jobs)).toMatchObject([{ left_out: [{ minutes: 60 }] }]);
    await upgrade.to('terminal-secret-holders');
    expect(await asServer('SELECT * FROM export_jobs')).toMatchObject([{ query: { kind: 'totals' } }]);
    await upgrade.to('export-left-out');
    expect(await asServer(jobs)).toMatchObject([{ left_out: null }]);
  });
});

describe('the migration of the counts of quotas', () => {
  const add = `INSERT INTO quota_counts (key, used, granted, most, per_second, counted_at) VALUES ('k', 1, 1, 5, 1, now())`;

  it('touches no row of before, and is taken back without a trace', async () => {
    await upgrade.to('export-left-out');
    const before = await upgrade.rows();
    await upgrade.to('quota-counts');
    expect(await upgrade.rows('quota_counts')).toEqual(before);
    await asServer(add);
    expect(await asServer('SELECT used FROM quota_counts')).toEqual([{ used: 1 }]);
    await upgrade.to('export-left-out');
    expect(await upgrade.rows()).toEqual(before);
    await upgrade.to('quota-counts');
    expect(await asServer('SELECT used FROM quota_counts')).toEqual([]);
  });
});

describe('the migration of batches of roles', () => {
  it('leaves the roles of before as they are, and is taken back without a trace', async () => {
    await upgrade.to('quota-counts');
    await asServer(`INSERT INTO user_roles (tenant_id, user_id, role) VALUES ('${acme}', '${acme}', 'admin')`);
    const before = await upgrade.rows();
    await upgrade.to('role-batches');
    expect(await upgrade.rows('role_batches')).toEqual(before);
    const insert = `INSERT INTO role_batches (tenant_id, action, role, user_ids, created_by) VALUES ('${acme}', 'assign', 'admin', '{${acme}}', '${acme}')`;
    await asServer(insert);
    await upgrade.to('quota-counts');
    expect(await upgrade.rows()).toEqual(before);
    await upgrade.to('role-batches');
    expect(await asServer('SELECT id FROM role_batches')).toEqual([]);
  });
});

describe('the migration of roles that tenants make', () => {
  const give = (role: string, custom: string) =>
    `INSERT INTO user_roles (tenant_id, user_id, role, custom_role) VALUES ('${acme}', '${acme}', '${role}', ${custom})`;

  it('keeps the roles of before, takes those of a build of before, and is taken back with the new ones alone', async () => {
    await upgrade.to('monitoring');
    const before = await upgrade.rows('user_roles');
    await upgrade.to('custom-roles');
    expect(await upgrade.rows('user_roles', 'roles')).toEqual(before);
    await asServer(`INSERT INTO user_roles (tenant_id, user_id, role) VALUES ('${acme}', '${acme}', 'employee')`);
    await expect(asServer(give('lead', 'NULL'))).rejects.toThrow('user_roles_template_or_custom');
    await expect(asServer(give('lead', `'lead'`))).rejects.toThrow('user_roles_custom_role_fkey');
    await asServer(
      `INSERT INTO roles (tenant_id, name, title, permissions, created_by) VALUES ('${acme}', 'lead', 'Lead', '{attendance:read}', '${acme}')`,
    );
    await asServer(give('lead', `'lead'`));
    await upgrade.to('monitoring');
    expect(await asServer('SELECT role FROM user_roles ORDER BY role')).toEqual([
      { role: 'admin' },
      { role: 'employee' },
    ]);
    await upgrade.to('custom-roles');
    expect(await asServer('SELECT name FROM roles')).toEqual([]);
  });
});

describe('the migration of where people sign in', () => {
  const note = `INSERT INTO sign_in_addresses (tenant_id, user_id, network) VALUES ('${acme}', '${acme}', sign_in_network('2001:db8::1'))`;

  it('touches no row of before, knows nobody at first, and is taken back without a trace', async () => {
    await upgrade.to('custom-roles');
    const before = await upgrade.rows();
    await upgrade.to('sign-in-addresses');
    expect(await upgrade.rows('sign_in_addresses')).toEqual(before);
    await upgrade.database.sql(`UPDATE users SET email = 'ada@acme.test' WHERE id = '${acme}'`);
    const known = `SELECT signs_in_from('ada@acme.test', '2001:db8::2') AS known`;
    expect(await asServer(known)).toEqual([{ known: false }]);
    await asServer(note);
    expect(await asServer(known)).toEqual([{ known: true }]);
    await upgrade.database.sql(`UPDATE users SET email = NULL WHERE id = '${acme}'`);
    await upgrade.to('custom-roles');
    expect(await upgrade.rows()).toEqual(before);
    await upgrade.to('sign-in-addresses');
  });
});

describe('the migration of the accuracy of positions', () => {
  it('leaves the punches of before without one, takes those of a build of before, and is taken back with the figures alone', async () => {
    await upgrade.to('sign-in-addresses');
    const before = await upgrade.rows('punches');
    await upgrade.to('punch-accuracy');
    expect(await upgrade.rows('punches')).toEqual(before);
    await asServer(punch(40));
    expect(await asServer('SELECT DISTINCT accuracy_meters FROM punches')).toEqual([{ accuracy_meters: null }]);
    await upgrade.to('sign-in-addresses');
    expect(await upgrade.database.count('punches')).toBe(4);
    await upgrade.to('punch-accuracy');
  });
});

describe('the migration that looks at the roles of before', () => {
  it('changes no row, and leaves no constraint of them unchecked', async () => {
    await upgrade.to('api-keys');
    const before = await upgrade.rows();
    await upgrade.to('custom-roles-checked');
    expect(await upgrade.rows()).toEqual(before);
    expect(
      await upgrade.database.count('pg_constraint', `conrelid = 'user_roles'::regclass AND NOT convalidated`),
    ).toBe(0);
    await upgrade.to('api-keys');
    expect(await upgrade.rows()).toEqual(before);
    await upgrade.to('custom-roles-checked');
  });
});
