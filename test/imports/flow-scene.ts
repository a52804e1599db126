import { ImportWorker } from '../../src/attendance/imports/jobs/import-worker';
import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import { importBase as base } from './scene';

/** For the tests of a file: each has a tenant whose administrator uploads, previews and commits files, in the form of the guide. */
export function importFlow() {
  const { server, tenant: acme } = tenantForEachTest({ BODY_LIMIT_BYTES: '2000000' });
  const numbered = async (count: number) =>
    server.database.sql(
      `INSERT INTO users (tenant_id, name, employee_number) SELECT $1, 'Person ' || n, lpad(n::text, 6, '0') FROM generate_series(1, $2::int) n`,
      [acme.id, count],
    );
  const upload = (text: string | Buffer, headers: Record<string, string> = {}, key?: string) =>
    fetch(`${server.url}${base}/upload?filename=punches.csv`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${acme.admin.token}`,
        'content-type': 'text/csv',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      body: new Uint8Array(Buffer.from(text)),
    }).then(async (reply) => ({ status: reply.status, headers: reply.headers, body: (await reply.json()) as any }));
  const preview = (body: unknown) => acme.admin.api.post(`${base}/preview`, body);
  const commit = (body: unknown) => acme.admin.api.post(`${base}/commit`, body);
  const work = () => server.app.get(ImportWorker, { strict: false }).drain();
  const active = () => server.database.count('punches', `tenant_id = $1 AND status = 'active'`, [acme.id]);
  return { server, acme, numbered, upload, preview, commit, work, active };
}

export const csv = (...rows: string[]) => ['employeeNumber,type,timestamp,deviceId', ...rows, ''].join('\n');

export const codesOf = (reply: Reply) => (reply.body.errors as { code: string }[]).map((error) => error.code);
