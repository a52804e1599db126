import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';

const UPLOAD = '/api/attendance/import/upload?filename=november.csv';
const MIB = 1024 * 1024;
const HEADER = 'employeeNumber,type,timestamp,deviceId\n';
const ROW = '000001,in,2026-03-02T09:00:00Z,gate-1\n';
const megabytes = (count: number) => HEADER + ROW.repeat((count * MIB) / ROW.length);

describe('the files of a tenant', () => {
  let server: TestServer;
  let acme: Tenant;
  beforeAll(async () => {
    server = await startServer({ IMPORT_STORAGE_MIB_PER_TENANT: '3' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    acme = await server.world.tenant();
  });

  async function upload(tenant: Tenant, body: string): Promise<[number, string | undefined]> {
    const reply = await fetch(`${server.url}${UPLOAD}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenant.admin.token}`, 'content-type': 'text/csv' },
      body,
    });
    return [reply.status, ((await reply.json()) as { code?: string }).code];
  }
  const stored = (tenant: Tenant) => server.database.count('import_files', 'tenant_id = $1', [tenant.id]);

  it('have a limit together, which is no other tenant’s', async () => {
    expect(await upload(acme, megabytes(2))).toEqual([201, undefined]);
    expect(await upload(acme, megabytes(2))).toEqual([413, 'import_storage_full']);
    expect(await upload(acme, megabytes(0.5))).toEqual([201, undefined]);
    expect(await upload(await server.world.tenant(), megabytes(2))).toEqual([201, undefined]);
    expect(await stored(acme)).toBe(2);
    await server.database.sql('DELETE FROM import_files WHERE tenant_id = $1', [acme.id]);
    expect(await upload(acme, megabytes(2))).toEqual([201, undefined]);
  });

  it('do not pass it together either', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => upload(acme, megabytes(1.2))));
    const [good, full] = [201, 413].map((status) => answers.filter(([each]) => each === status).length);
    expect([good, full]).toEqual([await stored(acme), 6 - (await stored(acme))]);
    expect(await stored(acme)).toBeLessThanOrEqual(2);
    expect(await stored(acme)).toBeGreaterThan(0);
  });

  it('are refused on their way, and whoever sends one is answered', async () => {
    for (let n = 0; n < 10; n += 1) expect(await upload(acme, megabytes(4))).toEqual([413, 'import_storage_full']);
    expect(await stored(acme)).toBe(0);
  });
});
