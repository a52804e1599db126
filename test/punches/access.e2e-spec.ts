import { randomUUID } from 'node:crypto';
import { clock, minutesAgo, punch } from './scene';

const { acme, someone } = clock();

describe('who may see and do what', () => {
  it('lets an employee punch for nobody else, and see nobody else', async () => {
    const [anna, bert] = [await someone(), await someone()];
    const own = await punch(bert.api, bert, 'in');
    expect((await punch(anna.api, bert, 'in')).status).toBe(403);
    expect((await anna.api.get(`/api/punches/${own.body.id}`)).status).toBe(404);
    expect((await anna.api.get('/api/punches', { query: { employeeId: bert.id } })).body.data).toEqual([]);
  });

  it("keeps an approver to their org unit: nobody else's punch is there for them", async () => {
    const unit = randomUUID();
    const boss = await acme.person({ role: 'approver', orgUnitId: unit });
    const [inside, outside] = [await acme.person({ orgUnitId: unit }), await someone()];
    const mine = await punch(boss.api, inside, 'in');
    const other = await punch(outside.api, outside, 'in');
    expect(mine.status).toBe(201);
    expect((await punch(boss.api, outside, 'out')).body.code).toBe('employee_unknown');
    expect((await boss.api.get(`/api/punches/${other.body.id}`)).status).toBe(404);
    expect((await boss.api.delete(`/api/punches/${other.body.id}`, { reason: 'not mine' })).status).toBe(404);
    const list = await boss.api.get('/api/punches');
    expect(list.body.data.map((p: { id: string }) => p.id)).toEqual([mine.body.id]);
  });

  it('pages through everything exactly once while others are recorded', async () => {
    const anna = await someone();
    const told = Array.from({ length: 25 }, (_, i) => ({
      employeeId: anna.id,
      type: i % 2 ? 'out' : 'in',
      timestamp: minutesAgo(600 - i * 10),
    }));
    await acme.admin.api.post('/api/punches/batch', { punches: told });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query: Record<string, string | number> = { employeeId: anna.id, limit: 10, ...(cursor ? { cursor } : {}) };
      const page = await acme.admin.api.get('/api/punches', { query });
      seen.push(...page.body.data.map((p: { id: string }) => p.id));
      cursor = page.body.nextCursor;
      await punch(acme.admin.api, await someone(), 'in');
    } while (cursor);
    expect([seen.length, new Set(seen).size]).toEqual([25, 25]);
  });

  it('AUD-27: refuses a cursor of another list', async () => {
    const page = await acme.admin.api.get('/api/punches', { query: { limit: 1 } });
    const cursor = String(page.body.nextCursor);
    const other = await acme.admin.api.get('/api/punches', {
      query: { limit: 1, cursor, employeeId: acme.employee.id },
    });
    expect([other.status, other.body.code]).toEqual([400, 'cursor_invalid']);
  });
});
