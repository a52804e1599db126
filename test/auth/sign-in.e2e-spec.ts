import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { whileRunning } from '../support/scene';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';
import { anAddress, type Answer, door, hashOf, PASSWORD } from './scene';

const PLATFORM = '00000000-0000-0000-0000-000000000000';
let started: TestServer | undefined;
let tenants: Tenant[] = [];
const server = whileRunning(() => started);
const [acme, globex] = [whileRunning(() => tenants[0]), whileRunning(() => tenants[1])];
const { somebody, login, me, brief } = door(server, acme);

let issuer: Server;
let issuerKey: CryptoKey;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  issuerKey = privateKey;
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
  issuer = createServer((_request, response) => response.end(keys));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;
  started = await startServer({
    AUTH_EXTERNAL_ISSUERS: JSON.stringify([
      { issuer: 'https://id.test', jwksUrl, audience: 'rollcall', tenant: 'acme', algorithms: ['ES256'] },
    ]),
  });
  tenants = [await started.world.tenant('acme'), await started.world.tenant('globex')];
});

afterAll(async () => {
  issuer.closeAllConnections();
  issuer.close();
  await server.close();
});

describe('signing in', () => {
  it('answers tokens and the person, whatever the case of the address', async () => {
    const erin = await somebody();
    const answer = await login(` ${erin.email.toUpperCase()} `);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(answer.body).toEqual({
      token: expect.any(String) as string,
      refreshToken: expect.stringMatching(/^rcr_/) as string,
      expiresIn: 900,
      user: {
        id: erin.id,
        email: erin.email,
        name: erin.name,
        tenant: { id: acme.id, slug: 'acme', name: 'acme' },
        roles: ['employee'],
        permissions: ['attendance:read', 'attendance:write'],
      },
    });
    expect((await me(answer.body.token)).body).toEqual(answer.body.user);
    expect(await brief(erin.id)).toEqual(['login success']);
    const [stored] = await server.database.sql('SELECT password_hash FROM users WHERE id = $1', [erin.id]);
    expect(stored?.['password_hash']).toMatch(/^\$scrypt\$ln=10,r=8,p=3\$/); // a cheaper hash is replaced
  });

  it('fails in one way: wrong password, unknown, without a password, deactivated, wrong tenant', async () => {
    const [erin, gone] = [await somebody(), await somebody()];
    await server.database.sql(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [gone.id]);
    const answers = [
      await login(erin.email, { password: 'wrong' }),
      await login('nobody@example.test'),
      await login(acme.employee.email),
      await login(gone.email),
      await login(erin.email, { tenant: 'globex' }),
      await login(erin.email, { tenant: 'no-such-tenant' }),
    ];
    const bodies = answers.map(({ body }) => ({ ...body, requestId: undefined }));
    for (const [i, { status, headers }] of answers.entries()) {
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(bodies[i]).toEqual(bodies[0]);
    }
    expect(bodies[0]).toMatchObject({ code: 'sign_in_failed' });
  });

  it('AUD-05: a failure is one entry: in the tenant of a known person, else the platform, with a masked address', async () => {
    const erin = await somebody();
    await login(erin.email, { password: 'wrong' });
    expect(await brief(erin.id)).toEqual(['login failure wrong address or password']);
    const before = await server.database.count('audit_logs', 'tenant_id = $1', [PLATFORM]);
    const unknown = `x${randomUUID()}@stranger.test`;
    await login(unknown);
    const entries = await server.database.sql(
      'SELECT * FROM audit_logs WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1',
      [PLATFORM],
    );
    expect(await server.database.count('audit_logs', 'tenant_id = $1', [PLATFORM])).toBe(before + 1);
    expect(entries[0]).toMatchObject({ user_id: PLATFORM, outcome: 'failure', action: 'login' });
    expect(JSON.stringify(entries[0])).toContain('x***@stranger.test');
    expect(JSON.stringify(entries[0])).not.toContain(unknown);
  });

  it('asks for the tenant only when address and password fit in several', async () => {
    const email = anAddress();
    const [here, there] = [await somebody(acme, email), await somebody(globex, email)];
    const ambiguous = await login(email);
    expect(ambiguous.status).toBe(409);
    expect(ambiguous.body).toMatchObject({ code: 'tenant_ambiguous' });
    expect(ambiguous.text).not.toMatch(/acme|globex/);
    expect((await login(email, { tenant: 'globex' })).body.user.id).toBe(there.id);
    expect((await login(email, { tenant: 'ACME' })).body.user.id).toBe(here.id);
    const other = await hashOf('another');
    await server.database.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [there.id, other]);
    expect((await login(email)).body.user.id).toBe(here.id);
  });

  it('lets an operator of the platform in, who then sees no tenant', async () => {
    const operator = await server.world.operator();
    await server.database.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [
      operator.id,
      await hashOf(PASSWORD),
    ]);
    const { body } = await login(operator.email);
    expect(body.user).toMatchObject({ tenant: { slug: 'platform' }, permissions: ['platform:admin'] });
    const punches: Answer = await server.stranger
      .with(body.token)
      .get('/api/punches', { headers: { 'x-tenant-id': acme.id } });
    expect(punches.status).toBe(403);
    expect(punches.body.code).toBe('tenant_required');
  });

  it('refuses malformed bodies with pointers and without a stored trace', async () => {
    const before = await server.database.count('audit_logs');
    for (const body of [
      {},
      { email: 'x' },
      { email: 'a@b', password: 'x'.repeat(257) },
      { email: ['a@b'], password: {} },
      { email: 'a@b', password: 'x', extra: 1 },
    ])
      expect(await server.stranger.post('/api/auth/login', body)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    expect((await server.stranger.post('/api/auth/refresh-token', {})).status).toBe(400);
    expect(await server.database.count('audit_logs')).toBe(before);
  });
});

describe('the token of another issuer', () => {
  const external = (email: string, more: object = {}) =>
    new SignJWT({ email, email_verified: true, ...more })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one' })
      .setIssuer('https://id.test')
      .setAudience('rollcall')
      .setSubject('their-id-for-them')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(issuerKey);

  it('stands for the person with the verified address, in the tenant of the issuer alone', async () => {
    const [erin, other] = [await somebody(), await somebody(globex)];
    const token = await external(erin.email.toUpperCase());
    for (let round = 0; round < 2; round++) expect((await me(token)).body).toMatchObject({ id: erin.id });
    expect((await me(await external(other.email))).status).toBe(401);
    expect((await me(await external('nobody@example.test'))).status).toBe(401);
    expect((await me(await external(erin.email, { email_verified: false }))).status).toBe(401);
    await server.database.sql(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [erin.id]);
    expect((await me(token)).status).toBe(401);
  });
});
