import { failingPunches } from '../support/faults';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import { aKey, expectReplay, isReplay, nothing, once, recorded, tap, terminalPunch, traces } from './scene';

const { server, tenant: acme } = tenantForEachTest({}, startServer);

const leaves = (tenant = acme) => traces(server.database, tenant);

describe('IDM-27: a refusal by the domain is kept and replayed, also after its cause is gone', () => {
  it('of a punch', async () => {
    const key = aKey();
    const punch = () => acme.employee.api.post('/api/punches', { employeeId: acme.employee.id, type: 'out' }, { key });
    const refused = await punch();
    expect([refused.status, refused.body.code]).toEqual([409, 'punch_out_of_order']);
    expect(await leaves()).toEqual({ punches: 0, entries: 0, keys: 1 });
    await acme.employee.api.post('/api/punches', { employeeId: acme.employee.id, type: 'in' });
    expectReplay(await punch(), refused);
    expect(await leaves()).toEqual({ punches: 1, entries: 1, keys: 1 });
  });

  it('of a person whose address was taken', async () => {
    const email = acme.employee.email;
    const key = aKey();
    const create = () => acme.admin.api.post('/api/users', { name: 'Berta', email, role: 'employee' }, { key });
    const refused = await create();
    expect([refused.status, refused.body.code]).toEqual([409, 'email_taken']);
    await server.database.sql("UPDATE users SET email = 'other@example.test' WHERE id = $1", [acme.employee.id]);
    expectReplay(await create(), refused);
    expect(await server.database.count('users', 'tenant_id = $1 AND email = $2', [acme.id, email])).toBe(0);
    expect(await leaves()).toEqual({ punches: 0, entries: 0, keys: 1 });
  });

  it('of a correction that came too late', async () => {
    const { path } = await recorded(acme);
    const key = aKey();
    const correct = () =>
      acme.admin.api.patch(path, { type: 'out', reason: 'Wrong button' }, { key, headers: { 'if-match': '"7"' } });
    const refused = await correct();
    expect(refused.status).toBe(412);
    expectReplay(await correct(), refused);
    expect(await leaves()).toEqual({ punches: 1, entries: 1, keys: 1 });
  });
});

describe('IDM-28: a failure of ours undoes everything, and the key may be used again', () => {
  it('of a punch', async () => {
    const broken = await failingPunches(server.database, acme.employee);
    const key = aKey();
    const failed = await tap(acme, key);
    expect([failed.status, failed.body.code, isReplay(failed)]).toEqual([500, 'internal_error', false]);
    expect(await leaves()).toEqual(nothing);
    await broken.lift();
    const done = await tap(acme, key);
    expect([done.status, isReplay(done)]).toEqual([201, false]);
    expect(await leaves()).toEqual(once);
  });

  it('of a correction', async () => {
    const { path } = await recorded(acme);
    const broken = await failingPunches(server.database, acme.employee);
    const key = aKey();
    const correct = () => acme.admin.api.patch(path, { type: 'out', reason: 'Wrong button' }, { key });
    expect((await correct()).status).toBe(500);
    expect(await leaves()).toEqual({ punches: 1, entries: 1, keys: 0 });
    await broken.lift();
    const done = await correct();
    expect([done.status, isReplay(done)]).toEqual([200, false]);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 1 });
  });

  it('of the ledger or of the key table: what cannot be witnessed or kept is not done', async () => {
    for (const table of ['audit_logs', 'idempotency_keys']) {
      const tenant = await server.world.tenant();
      const key = aKey();
      await server.database.sql(
        `CREATE FUNCTION full_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no more' USING ERRCODE = '53100'; END $$`,
      );
      await server.database.sql(
        `CREATE TRIGGER full_${table} BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION full_${table}()`,
      );
      const failed = await tap(tenant, key);
      expect([table, failed.status]).toEqual([table, 503]);
      await server.database.sql(`DROP FUNCTION full_${table}() CASCADE`);
      expect([table, await leaves(tenant)]).toEqual([table, nothing]);
      expect((await tap(tenant, key)).status).toBe(201);
      expect([table, await leaves(tenant)]).toEqual([table, once]);
    }
  });

  it('and does not take its neighbours along', async () => {
    const people = await Promise.all(Array.from({ length: 30 }, () => acme.person({})));
    const [victim] = people;
    if (!victim) throw new Error('There is nobody');
    const broken = await failingPunches(server.database, victim);
    const keys = people.map(aKey);
    const send = () =>
      Promise.all(
        people.map((person, i) => acme.admin.api.post('/api/punches', terminalPunch(person), { key: keys[i] ?? '' })),
      );
    const first = await send();
    expect(first.map((reply) => reply.status)).toEqual(people.map((person) => (person === victim ? 500 : 201)));
    expect(await leaves()).toEqual({ punches: 29, entries: 29, keys: 29 });
    await broken.lift();
    const second = await send();
    expect(second.map((reply) => [reply.status, isReplay(reply)])).toEqual(people.map((p) => [201, p !== victim]));
    expect(await leaves()).toEqual({ punches: 30, entries: 30, keys: 30 });
  });
});
