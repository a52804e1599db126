import { z } from 'zod';
import type { Reply } from '../../../support/client';
import { read } from '../case';
import type { CaseContext } from '../context';
import type { Stage } from '../product';

const base = '/api/attendance/import';

/** Two imports of one day, the second on top of the first, and both undone: the first too early, the second in its turn. */
export function importsOf(context: CaseContext) {
  return context.once('imports', async () => {
    const mode = read(z.enum(['skip', 'override']), context.given.rules.importMode, 'importMode');
    const stage = await context.stage();
    const first = await imported(stage, '08:00', mode);
    const afterA = await punchesOf(stage);
    const second = await imported(stage, '08:15', mode);
    const rollbackA = await rollback(stage, first);
    await rollback(stage, second);
    return { afterA, rollbackA, afterRollbackB: await punchesOf(stage) };
  });
}

async function imported({ tenant, employee }: Stage, start: string, mode: string): Promise<string> {
  const fields = { employee: 'employeeNumber', date: 'date', in: 'in', out: 'out' };
  const body = {
    csvText: `employeeNumber,date,in,out\n${employee.number},2026-03-02,${start},17:00\n`,
    kind: 'days',
    mapping: { fields },
    mode,
  };
  const looked = await tenant.admin.api.post(`${base}/preview`, body);
  const { commitToken } = looked.body as { commitToken: string };
  const done = await tenant.admin.api.post(`${base}/commit`, { ...body, commitToken });
  if (done.status !== 200) throw new Error(done.text);
  return (done.body as { batchId: string }).batchId;
}

const rollback = ({ tenant }: Stage, id: string): Promise<Reply> => tenant.admin.api.post(`${base}/rollback/${id}`);

/** The punches that count, as text. */
async function punchesOf({ tenant, employee }: Stage): Promise<string> {
  const listed = await tenant.admin.api.get('/api/punches', { query: { employeeId: employee.id } });
  const { data } = listed.body as { data: { type: string; occurredAt: string }[] };
  return data.map(({ type, occurredAt }) => `${type} ${occurredAt}`).join();
}
