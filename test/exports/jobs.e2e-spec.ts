import { createHash } from 'node:crypto';
import { ExportWorker } from '../../src/attendance/exports/jobs/export-worker';
import { aKey } from '../support/client';
import { retentionAt } from '../support/retention';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import { until } from '../support/until';
import type { Person } from '../support/world';
import { exported, manyPunches } from './scene';

const jobs = '/api/attendance/export/jobs';
const { server, tenant: acme } = tenantForEachTest({}, startServer);

const work = () => server.app.get(ExportWorker, { strict: false }).drain();
const ask = (by: Person, body: Record<string, unknown> = { kind: 'punches' }) => by.api.post(jobs, body);
const read = async (by: Person, id: string) => (await by.api.get(`${jobs}/${id}`)).body as Record<string, string>;
const fetched = (link = '') => fetch(`${server.url}${link}`);

/** A job that is done. */
async function made(by: Person, body?: Record<string, unknown>): Promise<Record<string, string>> {
  const { body: job } = await ask(by, body);
  await work();
  return read(by, job.id as string);
}

it('is made while nobody waits, and is the file that would have been streamed', async () => {
  await manyPunches(server, acme, acme.employee, 30_000);
  const key = aKey();
  const asked = await acme.admin.api.post(jobs, { kind: 'punches' }, { key });
  expect([asked.status, asked.body.status, asked.headers.get('location')]).toEqual([
    202,
    'queued',
    `${jobs}/${asked.body.id as string}`,
  ]);
  const again = await acme.admin.api.post(jobs, { kind: 'punches' }, { key });
  expect(again.text).toBe(asked.text);
  expect(asked.body.download).toBeUndefined();
  expect(await work()).toBe(1);

  const job = await read(acme.admin, asked.body.id as string);
  expect(job).toMatchObject({ status: 'completed', fileName: 'punches.csv' });
  const reply = await fetched(job['download']);
  const bytes = Buffer.from(await reply.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect([reply.status, bytes.length, sha256]).toEqual([200, Number(job['bytes']), job['sha256']]);
  expect(reply.headers.get('content-length')).toBe(String(bytes.length));
  expect(reply.headers.get('etag')).toBe(`"${sha256}"`);
  expect(reply.headers.get('content-disposition')).toContain('punches.csv');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  const { bytes: streamed } = await exported(server, acme.admin, { kind: 'punches' });
  expect(bytes.equals(streamed)).toBe(true);
});

it('AUD: leaves evidence of having been asked for, of being made, and of every download before its first byte', async () => {
  const job = await made(acme.admin, { kind: 'days', format: 'ndjson', from: '2026-03-01' });
  await (await fetched(job['download'])).arrayBuffer();
  const entries = await server.database.sql(
    `SELECT action, changes->'after' AS after FROM audit_logs WHERE tenant_id = $1 AND entity = 'export' ORDER BY id`,
    [acme.id],
  );
  expect(entries).toMatchObject([
    { action: 'create', after: { kind: 'days', format: 'ndjson', filters: { from: '2026-03-01' } } },
    { action: 'update', after: { status: 'completed' } },
    { action: 'export', after: { download: 'link', sha256: job['sha256'] } },
  ]);
  // The link itself stands nowhere: whoever reads a log or the ledger cannot fetch the file with it.
  const signed = (job['download'] ?? '').split('~')[1] ?? '';
  expect(signed).not.toBe('');
  // The request log is written behind the answers: what would be in it is there before it is searched.
  const { headers } = await fetched(job['download']);
  const own = [headers.get('x-request-id')];
  await until(
    () => server.database.count('operation_logs', 'request_id = $1', own),
    'the download is in the request log',
  );
  for (const table of ['audit_logs', 'operation_logs', 'idempotency_keys', 'export_jobs'])
    expect([table, await server.database.count(table, `${table}::text LIKE '%${signed}%'`)]).toEqual([table, 0]);
  await server.database.sql('ALTER TABLE audit_logs ADD CONSTRAINT away CHECK (false) NOT VALID');
  try {
    expect((await fetched(job['download'])).status).toBe(503);
  } finally {
    await server.database.sql('ALTER TABLE audit_logs DROP CONSTRAINT away');
  }
});

it('a link is of one file and one day, and cannot be made up', async () => {
  const job = await made(acme.admin);
  const link = job['download'] ?? '';
  const globex = await server.world.tenant();
  const other = await made(globex.admin);
  expect((await fetched(link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A'))).status).toBe(404);
  expect((await fetched(link.replace(acme.id, globex.id))).status).toBe(404);
  expect((await fetched('/api/attendance/export/files/nonsense')).status).toBe(404);
  const [signed] = (other['download'] ?? '').split('~').slice(1);
  expect((await fetched(`/api/attendance/export/files/${acme.id}~${signed ?? ''}`)).status).toBe(404);

  await server.database.sql(`UPDATE export_jobs SET expires_at = now() - interval '1 s' WHERE id = $1`, [job['id']]);
  const late = await fetched((await read(acme.admin, job['id'] ?? ''))['download']);
  expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([410, 'export_expired']);
  const retention = await retentionAt(server.database.urls.retention);
  expect(await retention.runNow()).toContainEqual({ policy: 'export_files', deleted: 1 });
  expect(await server.database.count('export_file_pieces', 'tenant_id = $1', [acme.id])).toBe(0);
  expect(await server.database.count('export_file_pieces', 'tenant_id = $1', [globex.id])).toBe(1);
});

it('a link works from the networks of the tenant, and as long as whoever asked is there', async () => {
  const clerk = await acme.person({ role: 'payroll' });
  const job = await made(clerk);
  expect((await fetched(job['download'])).status).toBe(200);
  await server.database.sql(`UPDATE tenants SET settings = '{"allowedNetworks":["192.0.2.0/24"]}' WHERE id = $1`, [
    acme.id,
  ]);
  const outside = await fetched(job['download']);
  expect([outside.status, ((await outside.json()) as { code: string }).code]).toEqual([403, 'IP_RESTRICTED']);
  await server.database.sql(`UPDATE tenants SET settings = '{}' WHERE id = $1`, [acme.id]);
  expect((await acme.admin.api.delete(`/api/users/${clerk.id}`)).status).toBe(200);
  expect((await fetched(job['download'])).status).toBe(404);
});

it('A9 a link ends with the right that made it: a lost role, a smaller one, an org unit', async () => {
  const unitId = crypto.randomUUID();
  const clerk = await acme.person({ role: 'admin' });
  const lead = await acme.person({ role: 'approver', orgUnitId: unitId });
  const [ofAll, ofUnit] = [await made(clerk), await made(lead)];
  const statuses = async () => [(await fetched(ofAll['download'])).status, (await fetched(ofUnit['download'])).status];
  const become = async (who: Person, what: Record<string, unknown>) => {
    expect((await acme.admin.api.patch(`/api/users/${who.id}`, what)).status).toBe(200);
  };
  expect(await statuses()).toEqual([200, 200]);
  await become(clerk, { role: 'payroll' }); // still sees everybody
  expect(await statuses()).toEqual([200, 200]);
  await become(clerk, { role: 'approver', orgUnitId: unitId }); // may export, but not all that the file holds
  await become(lead, { orgUnitId: crypto.randomUUID() });
  expect(await statuses()).toEqual([404, 404]);
  await become(clerk, { role: 'employee' });
  await become(lead, { orgUnitId: null });
  expect(await statuses()).toEqual([404, 200]);
});

it('A13 twenty wait for a tenant and no more, however many ask at once', async () => {
  const replies = await Promise.all(Array.from({ length: 40 }, () => ask(acme.admin)));
  const taken = replies.filter(({ status }) => status === 202);
  expect([taken.length, replies.filter(({ status }) => status === 503).length]).toEqual([20, 20]);
  expect(await server.database.count('export_jobs', 'tenant_id = $1', [acme.id])).toBe(20);
  await work(); // of all tenants: the next test counts its own
});

it('begins anew where a process died, and what it had made is not part of the file', async () => {
  const { body: job } = await ask(acme.admin);
  const id = job.id as string;
  // As a killed process leaves it: claimed, a piece stored, its lease run out.
  await server.database.sql(
    `UPDATE export_jobs SET status = 'running', token = 1, bytes = 3, lease_until = now() - interval '1 s' WHERE id = $1`,
    [id],
  );
  await server.database.sql(
    `INSERT INTO export_file_pieces (tenant_id, job_id, token, n, piece) VALUES ($1, $2, 1, 0, 'old')`,
    [acme.id, id],
  );
  expect(await work()).toBe(1);
  const done = await read(acme.admin, id);
  const text = await (await fetched(done['download'])).text();
  expect(text.startsWith('employee')).toBe(true);
  expect(Number(done['bytes'])).toBe(Buffer.byteLength(text));
});

it('what cannot be made says why, and what was cancelled is not made', async () => {
  const period = await acme.admin.api.post('/api/pay-periods', { type: 'monthly', date: '2026-03-01' });
  const open = await made(acme.admin, { kind: 'totals', periodId: period.body.id as string });
  expect(open).toMatchObject({ status: 'failed', error: expect.stringContaining('close') as string });
  const bad = await ask(acme.admin, { kind: 'punches', from: '2026-03-02', to: '2026-03-01' });
  expect([bad.status, bad.body.code]).toEqual([422, 'end_before_start']);

  const { body: job } = await ask(acme.admin);
  const path = `${jobs}/${job.id as string}`;
  expect((await acme.admin.api.delete(path)).body).toMatchObject({ status: 'cancelled' });
  expect(await work()).toBe(0);
  expect((await acme.admin.api.delete(path)).body.code).toBe('conflict');
  const done = await made(acme.admin);
  expect((await acme.admin.api.delete(`${jobs}/${done['id'] ?? ''}`)).status).toBe(200);
  expect((await fetched(done['download'])).status).toBe(410);
});

it('everybody sees their own, administrators all, and an approver gets the people of the org unit', async () => {
  const unitId = crypto.randomUUID();
  const lead = await acme.person({ role: 'approver', orgUnitId: unitId });
  const member = await acme.person({ orgUnitId: unitId });
  await manyPunches(server, acme, member, 2);
  await manyPunches(server, acme, acme.employee, 5);
  const job = await made(lead);
  const lines = (await (await fetched(job['download'])).text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(3);
  expect((await acme.approver.api.get(`${jobs}/${job['id'] ?? ''}`)).status).toBe(404);
  expect((await acme.admin.api.get(`${jobs}/${job['id'] ?? ''}`)).status).toBe(200);
  await made(acme.admin);
  expect((await lead.api.get(jobs)).body.data).toHaveLength(1);
  const first = await acme.admin.api.get(jobs, { query: { limit: '1' } });
  const second = await acme.admin.api.get(jobs, { query: { limit: '1', cursor: first.body.nextCursor as string } });
  expect(second.body.data[0].id).toBe(job['id']);
  expect((await acme.employee.api.post(jobs, { kind: 'punches' })).status).toBe(403);
});

it('whoever lost the right since gets no file', async () => {
  const clerk = await acme.person({ role: 'payroll' });
  const { body: job } = await ask(clerk);
  expect((await acme.admin.api.patch(`/api/users/${clerk.id}`, { role: 'employee' })).status).toBe(200);
  expect(await work()).toBe(1);
  expect(await read(acme.admin, job.id as string)).toMatchObject({ status: 'failed' });
});
