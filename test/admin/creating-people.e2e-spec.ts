import { anAddress, hire, hiring, password } from './scene';

const { server, tenant, other, login, entriesOf } = hiring();

describe('creating a person', () => {
  it('answers 201 with an id that can be punched for at once, a Location that reads the same, and an ETag (CON-07)', async () => {
    const made = await hire(tenant.admin, { role: 'Manager', timeZone: 'Europe/Berlin', employeeNumber: 'N-1' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      role: 'approver',
      roles: ['approver'],
      status: 'active',
      timeZone: 'Europe/Berlin',
      version: 1,
    });
    expect(made.headers.get('etag')).toBe('"1"');
    const read = await tenant.admin.api.get(made.headers.get('location') ?? '');
    expect([read.status, read.headers.get('etag'), read.body]).toEqual([200, '"1"', made.body]);
    const punched = await tenant.admin.api.post('/api/punches', { employeeId: made.body.id, type: 'in' });
    expect(punched.status).toBe(201);
  });

  it('needs an address only for a password, and then says where it is missing (CON-03)', async () => {
    const silent = await tenant.admin.api.post('/api/users', { name: 'Never Signs In', role: 'employee' });
    expect([silent.status, silent.body.email]).toEqual([201, undefined]);
    const refused = await tenant.admin.api.post('/api/users', {
      name: 'X',
      role: 'no body',
      password,
      timeZone: '+01:00',
    });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((fault: { pointer: string }) => fault.pointer).sort()).toEqual([
      '/email',
      '/role',
      '/timeZone',
    ]);
    const unknown = await tenant.admin.api.post('/api/users', { name: 'X', roles: ['employee', 'nobody'] });
    expect([unknown.status, unknown.body.errors[0].pointer]).toEqual([400, '/roles/1']);
    const noAddress = await tenant.admin.api.post('/api/users', { name: 'X', role: 'employee', password });
    expect(noAddress.body.errors).toMatchObject([{ pointer: '/email' }]);
  });

  it('lets the person sign in, and shows the password nowhere (AUD-01, AUD-08, SEC-20)', async () => {
    const email = anAddress();
    const made = await hire(tenant.admin, { email: email.toUpperCase(), password });
    expect((await login(email)).status).toBe(200);
    const [entry, ...more] = await entriesOf(made.body.id);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ action: 'create', entity: 'user', request_id: made.headers.get('x-request-id') });
    expect(entry?.changes).toMatchObject({ before: null, after: { email, role: 'employee', password: '[redacted]' } });
    const [row] = await server.database.sql('SELECT password_hash FROM users WHERE id = $1', [made.body.id]);
    expect(String(row?.['password_hash'])).toMatch(/^\$scrypt\$/);
    expect(JSON.stringify([entry, made.body])).not.toMatch(/scrypt|horse/);
    expect(Object.keys(made.body).filter((name) => /password|hash|tenant/i.test(name))).toEqual([]);
  });

  it('refuses a taken address or number with 409 and its pointer; another tenant may have the same (TEN-07)', async () => {
    const email = anAddress();
    await hire(tenant.admin, { email, employeeNumber: 'N-7' });
    const sameAddress = await hire(tenant.admin, { email: email.toUpperCase() });
    expect([sameAddress.status, sameAddress.body.code, sameAddress.body.errors[0].pointer]).toEqual([
      409,
      'email_taken',
      '/email',
    ]);
    const sameNumber = await hire(tenant.admin, { employeeNumber: 'N-7' });
    expect([sameNumber.status, sameNumber.body.code]).toEqual([409, 'employee_number_taken']);
    expect((await hire(other.admin, { email, employeeNumber: 'N-7' })).status).toBe(201);
  });

  it('replays the first answer, refusals as well, and creates once (IDM-02, IDM-27)', async () => {
    const body = { email: anAddress(), name: 'Once', role: 'employee', password };
    const post = (key: string) => tenant.admin.api.post('/api/users', body, { key });
    const [first, again, clash] = [await post('user-1'), await post('user-1'), await post('user-2')];
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([201, first.text, 'true']);
    const clashAgain = await post('user-2');
    expect([clash.status, clashAgain.text, clashAgain.headers.get('idempotent-replayed')]).toEqual([
      409,
      clash.text,
      'true',
    ]);
    expect(await entriesOf(first.body.id)).toHaveLength(1);
  });

  it('lets nobody give more than they hold, and nobody but administrators give anything (SEC-18)', async () => {
    const operator = await server.world.operator();
    for (const [by, role, status, code] of [
      [tenant.admin, 'platform_admin', 403, 'role_not_grantable'],
      [operator, 'admin', 403, 'role_not_grantable'],
      [operator, 'operator', 201, undefined],
      [tenant.approver, 'employee', 403, 'forbidden'],
      [tenant.employee, 'employee', 403, 'forbidden'],
    ] as const) {
      const reply = await hire(by, { role });
      expect([role, reply.status, reply.body.code]).toEqual([role, status, code]);
    }
  });
});
