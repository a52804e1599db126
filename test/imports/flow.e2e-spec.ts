import { aKey } from '../support/client';
import { codesOf, csv, importFlow } from './flow-scene';
import { importBase as base } from './scene';

const { server, acme, numbered, upload, preview, commit, active } = importFlow();

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
