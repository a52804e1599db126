import { createHash } from 'node:crypto';
import { generate } from '../../src/tools/generate/generate';
import { Days } from '../days/scene';
import { aKey } from '../support/client';
import { csv, importFlow } from './flow-scene';
import { importBase as base } from './scene';

const { server, acme, numbered, upload, preview, commit, work } = importFlow();

describe('an import', () => {
  it('loads a large file as a job, whose counts are those of the truth, and undoes it to the byte', async () => {
    await numbered(60);
    const days = new Days(server, acme);
    await server.database.sql(
      `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
       SELECT $1, gen_random_uuid(), id, 'in', '2026-01-05T08:00:00Z', now(), 0, 'api', '{}', id FROM users WHERE tenant_id = $1 AND employee_number IS NOT NULL`,
      [acme.id],
    );
    await days.compute();
    const state = async () => [
      await server.database.sql(
        `SELECT md5(string_agg(p::text, '|' ORDER BY p.id)) AS digest FROM punches p WHERE tenant_id = $1 AND status = 'active'`,
        [acme.id],
      ),
      await days.records(),
    ];
    const before = await state();
    const { text, truth } = generate({
      shape: 'plain-punches',
      seed: 7,
      people: 60,
      days: 40,
      from: '2026-01-01',
      timeZone: 'UTC',
      employeeNumber: (index) => String(index + 1).padStart(6, '0'),
    });
    const file = Buffer.from([...text].join(''));
    const sha256 = createHash('sha256').update(file).digest();
    const stored = await upload(file, { 'content-digest': `sha-256=:${sha256.toString('base64')}:` });
    expect([stored.status, stored.body.sha256]).toEqual([201, sha256.toString('hex')]);
    const source = { fileId: stored.body.fileId as string, timeZone: 'UTC' };
    const looked = await preview(source);
    expect(looked.body).toMatchObject({ complete: true, rows: truth.rows });
    const started = await commit({ ...source, commitToken: looked.body.commitToken as string });
    expect([started.status, started.body.status]).toEqual([202, 'queued']);
    expect(await work()).toBe(1);
    const job = await acme.admin.api.get(`${base}/jobs/${started.body.jobId as string}`);
    expect(job.body).toMatchObject({ status: 'completed', progress: { done: truth.rows, total: truth.rows } });
    expect(job.body.counts).toEqual(looked.body.counts);
    expect(job.body.counts.create).toBe(truth.punches);
    await days.compute();
    expect((await days.records()).length).toBeGreaterThan(100);

    const undoing = await acme.admin.api.post(`${base}/rollback/${started.body.batchId as string}`);
    expect(undoing.status).toBe(202);
    await work();
    await days.compute();
    expect(await state()).toEqual(before);
  });

  it('of a file that is none is one clear problem, and stores nothing', async () => {
    const cases: [Buffer, string][] = [
      [Buffer.from(''), 'empty_file'],
      [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj', 'latin1'), 'not_a_table'],
      [Buffer.concat([Buffer.from('a,b\n1,'), Buffer.alloc(10), Buffer.from('\n')]), 'not_a_table'],
    ];
    for (const [bytes, code] of cases) {
      const reply = await upload(bytes);
      expect([reply.status, reply.body.code, reply.body.errors?.[0]?.code]).toEqual([422, 'import_file_invalid', code]);
    }
    const torn = await upload('a,b\n1,2\n', { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` });
    expect([torn.status, torn.body.code]).toEqual([422, 'digest_mismatch']);
    expect(await server.database.count('import_files', 'tenant_id = $1', [acme.id])).toBe(0);
  });

  it('repeats an upload with its key, and refuses another file under it', async () => {
    const key = aKey();
    const first = await upload(csv('000001,in,2026-03-02T09:00:00Z,g'), {}, key);
    const again = await upload(csv('000001,in,2026-03-02T09:00:00Z,g'), {}, key);
    expect([again.status, again.body.fileId, again.headers.get('idempotent-replayed')]).toEqual([
      201,
      first.body.fileId,
      'true',
    ]);
    const other = await upload(csv('000001,out,2026-03-02T09:00:00Z,g'), {}, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect(await server.database.count('import_files', 'tenant_id = $1', [acme.id])).toBe(1);
  });

  it('goes on behind its last chunk when its process died, and is cancelled when it is told to', async () => {
    await numbered(60);
    const { text, truth } = generate({
      shape: 'plain-punches',
      seed: 9,
      people: 60,
      days: 150,
      from: '2026-01-01',
      timeZone: 'UTC',
      employeeNumber: (index) => String(index + 1).padStart(6, '0'),
    });
    const stored = await upload([...text].join(''));
    const source = { fileId: stored.body.fileId as string, timeZone: 'UTC' };
    const begin = async () => {
      const { body } = await acme.admin.api.post(`${base}/prepare`, {});
      return (await commit({ ...source, commitToken: body.commitToken as string })).body.batchId as string;
    };
    const batch = await begin();
    // As a killed process leaves it: claimed, one chunk committed, its lease run out.
    await server.database.sql(`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.rows_done > 10000 THEN RAISE 'killed' USING ERRCODE = '57P01'; END IF; RETURN NEW; END $$`);
    await server.database.sql(`CREATE TRIGGER die BEFORE UPDATE ON import_batches FOR EACH ROW EXECUTE FUNCTION die()`);
    await work();
    await server.database.sql('DROP FUNCTION die() CASCADE');
    const [half] = await server.database.sql<{ rows_done: string }>(
      'SELECT rows_done FROM import_batches WHERE id = $1',
      [batch],
    );
    expect(Number(half?.rows_done)).toBeGreaterThan(0);
    expect(Number(half?.rows_done)).toBeLessThan(truth.rows);
    await server.database.sql(`UPDATE import_batches SET lease_until = now() - interval '1 s' WHERE id = $1`, [batch]);
    expect(await work()).toBe(1);
    const job = await acme.admin.api.get(`${base}/jobs/${batch}`);
    expect(job.body).toMatchObject({ status: 'completed', counts: { create: truth.punches } });

    const next = await begin();
    expect((await acme.admin.api.delete(`${base}/jobs/${next}`)).body).toMatchObject({ status: 'cancelled' });
    expect(await work()).toBe(0);
  });
});
