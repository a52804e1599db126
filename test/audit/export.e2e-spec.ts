import { serverForFile } from '../support/scene';
import type { Tenant } from '../support/world';
import { type Entry, punch } from './entries';
import { until } from '../support/until';

const server = serverForFile();
const search = '/api/attendance-admin/audit-logs';

/** The lines of an export, as they came. */
async function exported(tenant: Tenant, query = '') {
  const response = await fetch(`${server.url}${search}/export${query}`, {
    headers: { authorization: `Bearer ${tenant.admin.token}` },
  });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

it('AUD-35: exports one JSON object on each line, whatever the values hold', async () => {
  const other = await server.world.tenant();
  const ids = await punch(other, 60);
  const reason = 'line\nfeed \u001b[31m red \u2028 "quote" Größe';
  await other.admin.api.delete(`/api/punches/${ids[0] ?? ''}`, { reason });
  const { status, type, bytes } = await exported(other);
  expect([status, type]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  for (const raw of ['\r', '\u001b', '\ufeff']) expect(text).not.toContain(raw);
  expect(text.endsWith('}\n')).toBe(true);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry & { action: string; changes: { after: object } });
  // 60 punches, the deletion, and the export itself, which was recorded before its first byte.
  expect(lines).toHaveLength(62);
  expect(lines[0]).toMatchObject({
    entity: 'AuditLog',
    action: 'exported',
    changes: { after: { format: 'ndjson', filters: {} } },
  });
  expect(lines[1]?.changes.after).toMatchObject({ reason });
  const deletions = await exported(other, '?action=delete');
  expect(deletions.bytes.toString().trimEnd().split('\n')).toHaveLength(1);
});

it('AUD-06: what cannot be recorded is not exported', async () => {
  const acme = await server.world.tenant();
  await server.database.sql('ALTER TABLE audit_logs ADD CONSTRAINT away CHECK (false) NOT VALID');
  try {
    const { status, bytes } = await exported(acme);
    expect(status).toBe(503);
    expect(JSON.parse(bytes.toString())).toMatchObject({ code: 'service_unavailable' });
  } finally {
    await server.database.sql('ALTER TABLE audit_logs DROP CONSTRAINT away');
  }
});

it('an export larger than a chunk is whole, and a slow reader holds no connection', async () => {
  const other = await server.world.tenant();
  await server.database.sql(
    `INSERT INTO audit_logs (tenant_id, user_id, action, entity, entity_id, changes, request_id, canonical)
     SELECT $1, $2, 'create', 'punch', n::text, jsonb_build_object('before', null, 'after', jsonb_build_object('note', repeat('x', 500))), 'r', 'x'
     FROM generate_series(1, 25000) n`,
    [other.id, other.admin.id],
  );
  const response = await fetch(`${server.url}${search}/export?entity=punch`, {
    headers: { authorization: `Bearer ${other.admin.token}` },
  });
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  const first = await reader?.read();
  // The chunk under way is read to its end; then nothing is held, however long the reader takes.
  const held = async () => {
    const [row] = await server.database.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    );
    return row?.n;
  };
  await until(async () => (await held()) === 0, 'nothing is held');
  let lines = 0;
  for (let part = first; part?.value; part = await reader?.read())
    lines += part.value.filter((byte) => byte === 10).length;
  expect(lines).toBe(25_000);
});
