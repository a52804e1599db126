import { aKey, type Reply } from '../support/client';
import type { TestDatabase } from '../support/database';
import type { Person, Tenant } from '../support/world';
import { PATIENCE_MS } from '../support/until';

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/**
 * A punch that a terminal tells without a time: it is recorded whatever was recorded before, so that only the key keeps a
 * repetition from becoming a second effect.
 */
export const terminalPunch = (person: Person) => ({ employeeId: person.id, type: 'in', source: 'terminal' });

/** The terminal at the door, signed in as the administrator, tells a punch of the tenant's employee. */
export const tap = (tenant: Tenant, key: string, more: Record<string, unknown> = {}): Promise<Reply> =>
  tenant.admin.api.post('/api/punches', { ...terminalPunch(tenant.employee), ...more }, { key });

/** A punch of the employee that can be corrected or deleted; leaves no key behind. */
export async function recorded(tenant: Tenant, minutes = 90): Promise<{ path: string; version: string }> {
  const told = { employeeId: tenant.employee.id, type: 'in', timestamp: minutesAgo(minutes), source: 'terminal' };
  const reply = await tenant.admin.api.post('/api/punches', told);
  expect(reply.status).toBe(201);
  return { path: `/api/punches/${reply.body.id}`, version: reply.headers.get('etag') ?? '' };
}

/** What the tenant has in the database: the effects, their evidence, and the keys that stand for them. */
export async function traces(database: TestDatabase, { id }: Tenant) {
  const of = (table: string) => database.count(table, 'tenant_id = $1', [id]);
  return { punches: await of('punches'), entries: await of('audit_logs'), keys: await of('idempotency_keys') };
}

/** One punch, one entry, one key. */
export const once = { punches: 1, entries: 1, keys: 1 };
export const nothing = { punches: 0, entries: 0, keys: 0 };

/** Sends the same request so often at once. */
export const atOnce = (times: number, send: (index: number) => Promise<Reply>): Promise<Reply[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => send(index)));

export const isReplay = (reply: Reply) => reply.headers.get('idempotent-replayed') === 'true';

/** The answer was kept: same status, same bytes, same headers of the resource, and it says so. */
export function expectReplay(reply: Reply, of: Reply): void {
  expect([reply.status, reply.text, isReplay(reply)]).toEqual([of.status, of.text, true]);
  for (const name of ['content-type', 'location', 'etag', 'retry-after'])
    expect([name, reply.headers.get(name)]).toEqual([name, of.headers.get(name)]);
}

/** Of many with one key: one effect, answered to all that waited; the others were told to come back. Never a 5xx. */
export function expectOneAnswer(replies: readonly Reply[], status = 201): void {
  const answered = replies.filter((reply) => reply.status === status);
  const refused = replies.filter((reply) => reply.status !== status);
  expect(answered.length).toBeGreaterThan(0);
  expect(new Set(answered.map((reply) => reply.text)).size).toBe(1);
  expect(answered.filter((reply) => !isReplay(reply)).length).toBeLessThanOrEqual(1);
  for (const reply of refused) expectInUse(reply);
}

export function expectInUse(reply: Reply): void {
  expect([reply.status, reply.body?.code]).toEqual([409, 'idempotency_key_in_use']);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(isReplay(reply)).toBe(false);
}

/**
 * Repeats until the key is free and the lock was had in time, as a client does that heeds Retry-After, but more impatiently;
 * answers how long it took.
 */
export async function settled(
  send: () => Promise<Reply>,
  forMs = PATIENCE_MS,
): Promise<{ reply: Reply; afterMs: number }> {
  const started = performance.now();
  for (;;) {
    const reply = await send();
    const afterMs = performance.now() - started;
    const again = reply.status === 503 || reply.body?.code === 'idempotency_key_in_use';
    if (!again || afterMs > forMs) return { reply, afterMs };
  }
}

export { aKey };

/** Settings under which whoever waits for a connection gives up before whoever waits for a key does: a connection that is held shows. */
export const twoConnections = {
  DATABASE_POOL_MAX: '2',
  DATABASE_ACQUIRE_TIMEOUT_MS: '4000',
  IDEMPOTENCY_WAIT_MS: '5000',
};
