import { AuditInterceptor } from '../../src/audit/ledger/audit.interceptor';
import { IdempotencyInterceptor } from '../../src/idempotency/idempotency.interceptor';
import { Writes } from '../../src/writes/writes';
import { WriteInterceptor } from '../../src/writes/write.interceptor';
import { tenantForEachTest } from '../support/scene';
import { aKey, isReplay, tap, traces } from './scene';

type Interceptor = typeof AuditInterceptor | typeof IdempotencyInterceptor | typeof WriteInterceptor;

const { server, tenant: acme } = tenantForEachTest();
afterEach(() => jest.restoreAllMocks());

const takeAway = ({ prototype }: Interceptor) =>
  jest.spyOn(prototype, 'intercept').mockImplementation((_, next) => next.handle());
const leaves = () => traces(server.database, acme);
const holiday = (key = aKey()) =>
  acme.admin.api.post('/api/attendance/holidays', { date: '2031-01-01', name: 'New Year' }, { key });

describe('what each interceptor is there for, by taking it away', () => {
  it('with all of them a repetition is a replay, and one punch leaves one entry', async () => {
    const key = aKey();
    expect([isReplay(await tap(acme, key)), isReplay(await tap(acme, key))]).toEqual([false, true]);
    expect(await leaves()).toEqual({ punches: 1, entries: 1, keys: 1 });
  });

  it('without IdempotencyInterceptor nothing is replayed, and a malformed key is not noticed', async () => {
    takeAway(IdempotencyInterceptor);
    const key = aKey();
    const replies = [
      await tap(acme, key),
      await tap(acme, key, { timestamp: new Date(Date.now() - 3_600_000).toISOString() }),
    ];
    expect(replies.map((reply) => [reply.status, isReplay(reply)])).toEqual([
      [201, false],
      [201, false],
    ]);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 0 });
    expect((await holiday('x'.repeat(256))).status).toBe(201);
  });

  it.each([
    ['a punch', () => tap(acme, aKey())],
    ['a plain write', () => holiday()],
  ])('without AuditInterceptor %s fails before its commit, and leaves nothing', async (_name, write) => {
    takeAway(AuditInterceptor);
    expect((await write()).status).toBe(500);
    expect(await leaves()).toEqual({ punches: 0, entries: 0, keys: 0 });
    expect(await server.database.count('holidays', 'tenant_id = $1', [acme.id])).toBe(0);
  });

  it('without WriteInterceptor nothing is written', async () => {
    takeAway(WriteInterceptor);
    await tap(acme, aKey());
    expect(await leaves()).toEqual({ punches: 0, entries: 0, keys: 0 });
  });

  it.each([
    ['none', []],
    ['none about what the route is about', [{ entity: 'user', action: 'create', entityId: 'x' } as const]],
  ])('a write with evidence, but %s, fails before its commit', async (_name, audit) => {
    const writes = server.app.get(Writes, { strict: false });
    const change = writes.change.bind(writes);
    jest
      .spyOn(writes, 'change')
      .mockImplementation((work) => change(async (tx, context) => ({ ...(await work(tx, context)), audit })));
    expect((await holiday()).status).toBe(500);
    expect(await server.database.count('holidays', 'tenant_id = $1', [acme.id])).toBe(0);
    expect(await leaves()).toEqual({ punches: 0, entries: 0, keys: 0 });
  });
});
