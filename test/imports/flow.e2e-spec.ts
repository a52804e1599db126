import { createHash } from 'node:crypto';
import { ImportWorker } from '../../src/attendance/imports/jobs/import-worker';
import { generate } from '../../src/tools/generate/generate';
import { aKey, type Reply } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';
import { Days } from '../days/scene';

let server: TestServer;
let acme: Tenant;
const base = '/api/attendance/import';

beforeAll(async () => {
  server = await startServer({ BODY_LIMIT_BYTES: '2000000' });
});
afterAll(() => server.close());
beforeEach(async () => {
  acme = await server.world.tenant();
});

const numbered = async (count: number) =>
  server.database.sql(
    `INSERT INTO users (tenant_id, name, employee_number) SELECT $1, 'Person ' || n, lpad(n::text, 6, '0') FROM generate_series(1, $2::int) n`,
    [acme.id, count],
  );
const csv = (...rows: string[]) => ['employeeNumber,type,timestamp,deviceId', ...rows, ''].join('\n');
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
const codesOf = (reply: Reply) => (reply.body.errors as { code: string }[]).map((error) => error.code);

describe('an import', () => {
  it('is looked at without a trace, committed once, and undone as a whole', async () => {
    await numbered(2);
    const csvText = csv(
      '000001,in,2026-03-02T09:00:00Z,gate-1',
      '000001,out,2026-03-02T17:00:00Z,gate-1',
      '000002,in,2026-03-02T09:00:00Z,"gate ""2"""',
      '999999,in,2026-03-02T09:00:00Z,gate-1',
      '000002,out,2026-13-02T09:00:00Z,gate-1',
      '000001,in,2026-03-02T09:00:00Z,gate-1',
    );
    const looked = await preview({ csvText });
    expect(looked.status).toBe(200);
    expect(looked.body.counts).toEqual({ create: 3, update: 0, skip: 1, conflict: 0, reject: 2, quarantine: 0 });
    expect(codesOf(looked)).toEqual(['unknown_person', 'invalid_date']);
    expect(looked.body.errors[0]).toMatchObject({ line: 5, column: 'employee', value: '999999' });
    expect([await active(), await server.database.count('import_batches', 'tenant_id = $1', [acme.id])]).toEqual([
      0, 0,
    ]);

    const body = { csvText, commitToken: looked.body.commitToken as string, idempotencyKey: 'march' };
    const done = await commit(body);
    expect([done.status, done.body.status, done.body.idempotent]).toEqual([200, 'completed', false]);
    expect(done.body.counts).toEqual(looked.body.counts);
    expect(await active()).toBe(3);
    const again = await commit({ csvText, idempotencyKey: 'march' });
    expect(again.body).toMatchObject({ batchId: done.body.batchId, idempotent: true });
    const errors = await acme.admin.api.get(`${base}/batches/${done.body.batchId as string}/errors`);
    expect(errors.text.split('\r\n').slice(0, 3)).toEqual([
      'line,column,value,code,detail',
      '5,employee,999999,unknown_person,"nobody in this tenant has this employee number or address; create the person, or correct the number"',
      expect.stringMatching(/^6,timestamp,2026-13-02T09:00:00Z,invalid_date,/),
    ]);
    const undone = await acme.admin.api.post(`${base}/rollback/${done.body.batchId as string}`, {}, { key: aKey() });
    expect([undone.status, undone.body.status]).toEqual([200, 'rolled_back']);
    expect(await active()).toBe(0);
    const entries = await server.database.sql<{ action: string }>(
      `SELECT action FROM audit_logs WHERE tenant_id = $1 AND entity_id = $2 ORDER BY id`,
      [acme.id, done.body.batchId],
    );
    expect(entries.map(({ action }) => action)).toEqual(['create', 'rollback']); // a repetition changed nothing (E.2)
    const third = await preview({ csvText });
    expect(third.body.counts).toMatchObject({ create: 3 });
  });

  it('E.2 has a key that stands for one file and one reading of it, in the ledger once', async () => {
    await numbered(1);
    const csvText = csv('000001,in,2026-03-02T09:00:00Z,gate-1');
    const other = csv('000001,in,2026-03-03T09:00:00Z,gate-1');
    const token = async (text: string) => (await preview({ csvText: text })).body.commitToken as string;
    const done = await commit({ csvText, commitToken: await token(csvText), idempotencyKey: 'june' });
    expect(done.body.idempotent).toBe(false);
    const { fileId } = (await upload(csvText)).body as { fileId: string };
    const { fileId: otherId } = (await upload(other)).body as { fileId: string };
    for (const same of [{ csvText }, { csvText, kind: 'punches' }, { fileId }]) {
      const again = await commit({ ...same, idempotencyKey: 'june' });
      expect([again.status, again.body.batchId, again.body.idempotent]).toEqual([200, done.body.batchId, true]);
    }
    for (const changed of [
      { csvText: other, commitToken: await token(other) },
      { csvText: other },
      { fileId: otherId },
      { fileId: crypto.randomUUID() },
      { csvText, timeZone: 'Asia/Tokyo' },
      { csvText, mode: 'override' },
    ]) {
      const reply = await commit({ ...changed, idempotencyKey: 'june' });
      expect([changed, reply.status, reply.body.code]).toEqual([changed, 422, 'idempotency_key_reused']);
      expect(codesOf(reply)).toEqual(['idempotency_key_reused']);
    }
    expect(await active()).toBe(1);
    expect(await server.database.count('audit_logs', 'entity_id = $1', [done.body.batchId])).toBe(1);
  });

  it('is refused where its token does not fit: another file, another mapping, a change since', async () => {
    await numbered(1);
    const csvText = csv('000001,in,2026-03-02T09:00:00Z,gate-1');
    const token = (await preview({ csvText })).body.commitToken as string;
    const other = await commit({ csvText: csv('000001,out,2026-03-02T09:00:00Z,gate-1'), commitToken: token });
    expect([other.status, other.body.code]).toEqual([409, 'import_token_stale']);
    await acme.admin.api.post('/api/users', { name: 'Nora New', role: 'employee', employeeNumber: '7' });
    const late = await commit({ csvText, commitToken: token });
    expect([late.status, late.body.code]).toEqual([409, 'import_token_stale']);
    const anything = (await acme.admin.api.post(`${base}/prepare`, {})).body.commitToken as string;
    expect((await commit({ csvText, commitToken: anything })).status).toBe(200);
    expect(await active()).toBe(1);
  });

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

  it('NEG-05: is not undone where somebody has corrected one of its punches', async () => {
    await numbered(1);
    const csvText = csv('000001,in,2026-03-02T09:00:00Z,gate-1');
    const { body } = await commit({ csvText, commitToken: (await preview({ csvText })).body.commitToken as string });
    const [punch] = await server.database.sql<{ id: string }>('SELECT id FROM punches WHERE tenant_id = $1', [acme.id]);
    await acme.admin.api.patch(`/api/punches/${punch?.id ?? ''}`, { type: 'out', reason: 'Wrong key' });
    const reply = await acme.admin.api.post(`${base}/rollback/${body.batchId as string}`);
    expect([reply.status, reply.body.code, reply.body.punchId]).toEqual([409, 'import_superseded', punch?.id]);
    expect((await preview({ csvText })).body.counts).toMatchObject({ create: 0, skip: 1 });
  });

  it('goes into quarantine where its pay period is closed', async () => {
    await numbered(1);
    const period = await acme.admin.api.post('/api/pay-periods', { type: 'monthly', date: '2026-03-01' });
    await acme.admin.api.post(`/api/pay-periods/${period.body.id as string}/close`);
    const csvText = csv('000001,in,2026-03-31T23:30:00Z,gate-1', '000001,in,2026-04-01T00:30:00Z,gate-1');
    const { body } = await commit({ csvText, commitToken: (await preview({ csvText })).body.commitToken as string });
    expect(body.counts).toMatchObject({ create: 2, quarantine: 1 });
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

  it('says which punch came of which line, at once or page by page', async () => {
    await numbered(1);
    const csvText = csv(
      '000001,in,2026-03-02T09:00:00Z,',
      '999999,in,2026-03-02T09:00:00Z,',
      '000001,out,2026-03-02T17:00:00Z,',
      '000001,in,2026-03-03T09:00:00Z,',
    );
    const { commitToken } = (await preview({ csvText })).body as Record<string, string>;
    const body = { csvText, commitToken, idempotencyKey: 'lines', returnItems: true, itemsLimit: 2 };
    const done = await commit(body);
    expect((done.body.items as { line: number; type: string }[]).map(({ line, type }) => [line, type])).toEqual([
      [2, 'in'],
      [4, 'out'],
    ]);
    expect((await commit(body)).body).toMatchObject({ idempotent: true, items: done.body.items });
    expect((await commit({ ...body, returnItems: false })).body.items).toBeUndefined();

    const path = `${base}/batches/${done.body.batchId as string}/items`;
    const first = await acme.admin.api.get(path, { query: { limit: '2' } });
    expect(first.body.data).toEqual(done.body.items);
    const second = await acme.admin.api.get(path, { query: { limit: '2', cursor: first.body.nextCursor as string } });
    expect(second.body.data).toMatchObject([{ line: 5, type: 'in', at: '2026-03-03T09:00:00.000Z', status: 'active' }]);
    expect(second.body.nextCursor).toBeUndefined();
  });
});
