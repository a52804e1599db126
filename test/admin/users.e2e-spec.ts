import { randomUUID } from 'node:crypto';
import { AccessTokens } from '../../src/auth/access-tokens';
import { startServer } from '../support/server';
import { until } from '../support/until';
import { anAddress, hire, hiring, password } from './scene';

// Nothing is forgotten by time here: what takes effect at once does so because the change said so.
const { server, tenant, other, login, entriesOf } = hiring({ AUTH_PRINCIPAL_CACHE_MS: '60000' });

describe('changing a person', () => {
  it('changes what is named, and the ledger holds exactly that (AUD-07)', async () => {
    const { body } = await hire(tenant.admin, { timeZone: 'UTC' });
    const patched = await tenant.admin.api.patch(`/api/users/${body.id}`, { name: 'Newer Comer', timeZone: null });
    expect([patched.status, patched.body.name, patched.body.timeZone, patched.body.version]).toEqual([
      200,
      'Newer Comer',
      undefined,
      2,
    ]);
    const [, entry] = await entriesOf(body.id);
    expect(entry?.changes).toEqual({ before: { name: 'New Comer', timeZone: 'UTC' }, after: { name: 'Newer Comer' } });
  });

  it('records a role change once, with the role before and after (AUD-05)', async () => {
    const { body } = await hire(tenant.admin);
    await tenant.admin.api.patch(`/api/users/${body.id}`, { role: 'ADMINISTRATOR' });
    const entries = await entriesOf(body.id);
    expect(entries).toHaveLength(2);
    expect(entries[1]?.changes).toEqual({
      before: { role: 'employee', roles: ['employee'] },
      after: { role: 'admin', roles: ['admin'] },
    });
  });

  it('refuses a lost race with 412 and replays the winner (IDM-41)', async () => {
    const { body } = await hire(tenant.admin);
    const patch = (name: string, key: string) =>
      tenant.admin.api.patch(`/api/users/${body.id}`, { name }, { key, headers: { 'if-match': '"1"' } });
    const won = await patch('First', `${body.id}-1`);
    const lost = await patch('Second', `${body.id}-2`);
    const repeated = await patch('First', `${body.id}-1`);
    expect([won.status, lost.status, repeated.status, repeated.text]).toEqual([200, 412, 200, won.text]);
  });

  it('refuses another tenant, an unknown field and an empty change (TEN-08)', async () => {
    const { body } = await hire(tenant.admin);
    for (const patch of [{ tenantId: other.id }, { id: randomUUID() }, {}]) {
      expect((await tenant.admin.api.patch(`/api/users/${body.id}`, patch)).status).toBe(400);
    }
    expect((await tenant.admin.api.patch(`/api/users/${body.id}`, { password: 'a new password' })).status).toBe(200);
    expect((await tenant.admin.api.patch(`/api/users/${body.id}`, { email: null })).body.errors[0].pointer).toBe(
      '/email',
    );
  });

  it('ends every sign-in when the password changes, and masks it in the ledger (AUD-08)', async () => {
    const email = anAddress();
    const { body } = await hire(tenant.admin, { email, password });
    const session = (await login(email)).body;
    await tenant.admin.api.patch(`/api/users/${body.id}`, { password: 'another long secret' });
    const renewed = await server.stranger.post('/api/auth/refresh-token', { refreshToken: session.refreshToken });
    expect([renewed.status, (await login(email)).status, (await login(email, 'another long secret')).status]).toEqual([
      401, 401, 200,
    ]);
    const changes = (await entriesOf(body.id)).at(-1)?.changes;
    expect(changes).toEqual({ before: { password: '[redacted]' }, after: { password: '[redacted]' } });
  });

  it('takes a role away at once on this server (SEC-16)', async () => {
    const deputy = await tenant.person({ role: 'admin' });
    expect((await deputy.api.get('/api/users')).status).toBe(200);
    await tenant.admin.api.patch(`/api/users/${deputy.id}`, { role: 'employee' });
    expect((await deputy.api.get('/api/users')).status).toBe(403);
  });
});

describe('another replica', () => {
  it('refuses what was taken away within the bound that is configured for it (SEC-16)', async () => {
    const replica = await startServer({ AUTH_PRINCIPAL_CACHE_MS: '400' }, server.database);
    const deputy = await tenant.person({ role: 'admin' });
    const { token } = await replica.app
      .get(AccessTokens, { strict: false })
      .issue({ tenantId: tenant.id, userId: deputy.id });
    const there = replica.stranger.with(token);
    expect((await there.get('/api/users')).status).toBe(200);
    await tenant.admin.api.delete(`/api/users/${deputy.id}`);
    await until(async () => (await there.get('/api/users')).status === 401, 'the other replica refuses them');
    await replica.close();
  });
});

describe('deactivating a person', () => {
  it('refuses them at once, ends their sign-ins, keeps them readable, and can be undone (SEC-16, CON-07)', async () => {
    const email = anAddress();
    const { body } = await hire(tenant.admin, { email, password });
    const session = (await login(email)).body;
    const self = server.stranger.with(session.token);
    expect((await self.get('/api/auth/me')).status).toBe(200);
    const gone = await tenant.admin.api.delete(`/api/users/${body.id}`);
    expect([gone.status, gone.body.status, gone.body.version]).toEqual([200, 'deactivated', 2]);
    expect((await self.get('/api/auth/me')).status).toBe(401);
    expect((await login(email)).status).toBe(401);
    expect((await server.stranger.post('/api/auth/refresh-token', { refreshToken: session.refreshToken })).status).toBe(
      401,
    );
    expect((await tenant.admin.api.get(`/api/users/${body.id}`)).body).toEqual(gone.body);
    expect((await entriesOf(body.id)).at(-1)).toMatchObject({
      action: 'delete',
      changes: { before: { status: 'active' }, after: { status: 'deactivated' } },
    });
    expect((await tenant.admin.api.patch(`/api/users/${body.id}`, { status: 'active' })).body.status).toBe('active');
    expect((await login(email)).status).toBe(200);
  });

  it('may be repeated, and honours If-Match', async () => {
    const { body } = await hire(tenant.admin);
    const remove = (headers = {}) => tenant.admin.api.delete(`/api/users/${body.id}`, undefined, { headers });
    expect((await remove({ 'if-match': '"9"' })).status).toBe(412);
    const [first, second] = [await remove({ 'if-match': '"1"' }), await remove()];
    expect([first.status, second.status, second.text]).toEqual([200, 200, first.text]);
  });

  it('never leaves a tenant without an administrator', async () => {
    const small = await server.world.tenant();
    const path = `/api/users/${small.admin.id}`;
    const tries = [
      await small.admin.api.delete(path),
      await small.admin.api.patch(path, { role: 'employee' }),
      await small.admin.api.patch(path, { status: 'deactivated' }),
    ];
    expect(tries.map((reply) => [reply.status, reply.body.code])).toEqual([1, 2, 3].map(() => [409, 'last_admin']));
    expect((await small.admin.api.get(path)).body).toMatchObject({ role: 'admin', status: 'active', version: 1 });
  });

  it('lets one of two administrators win who remove each other at the same moment, again and again (CON-12)', async () => {
    for (let round = 0; round < 10; round++) {
      const small = await server.world.tenant();
      const deputy = await small.person({ role: 'admin' });
      const replies = await Promise.all([
        small.admin.api.patch(`/api/users/${deputy.id}`, { role: 'employee' }),
        deputy.api.delete(`/api/users/${small.admin.id}`),
      ]);
      const statuses = replies.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      // The loser meets the rule, or is no longer an administrator by then.
      expect(statuses.find((status) => status !== 200)).toBeGreaterThanOrEqual(401);
      expect(statuses.some((status) => status >= 500)).toBe(false);
      const left = `tenant_id = $1 AND role = 'admin' AND EXISTS (SELECT FROM users u WHERE u.tenant_id = user_roles.tenant_id AND u.id = user_id AND status = 'active')`;
      expect(await server.database.count('user_roles', left, [small.id])).toBe(1);
    }
  });
});
