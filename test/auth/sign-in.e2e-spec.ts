import { randomUUID } from 'node:crypto';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { Passwords } from '../../src/auth/passwords';
import { startServer, type TestServer } from '../support/server';
import type { Reply } from '../support/client';
import type { Tenant } from '../support/world';

/** What the answers of these routes may hold, so that the tests below read it without casts. */
interface Answer extends Reply {
  readonly body: {
    readonly token: string;
    readonly refreshToken: string;
    readonly code: string;
    readonly user: { readonly id: string };
    readonly keys: readonly object[];
  };
}

const PASSWORD = 'correct horse battery';
const PLATFORM = '00000000-0000-0000-0000-000000000000';
let server: TestServer;
let acme: Tenant;
let globex: Tenant;
let hash: string;

let issuer: Server;
let issuerKey: CryptoKey;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  issuerKey = privateKey;
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
  issuer = createServer((_request, response) => response.end(keys));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;
  server = await startServer({
    AUTH_EXTERNAL_ISSUERS: JSON.stringify([
      { issuer: 'https://id.test', jwksUrl, audience: 'rollcall', tenant: 'acme', algorithms: ['ES256'] },
    ]),
  });
  hash = await new Passwords({ ln: 10, r: 8, p: 1 }).hash(PASSWORD);
  acme = await server.world.tenant('acme');
  globex = await server.world.tenant('globex');
});
afterAll(async () => {
  issuer.closeAllConnections();
  issuer.close();
  await server.close();
});

let count = 0;
async function somebody(tenant = acme, email = `somebody${++count}@example.test`) {
  return tenant.person({ email, passwordHash: hash });
}
const login = (email: string, more: object = {}): Promise<Answer> =>
  server.stranger.post('/api/auth/login', { email, password: PASSWORD, ...more });
const refresh = (refreshToken: string): Promise<Answer> =>
  server.stranger.post('/api/auth/refresh-token', { refreshToken });
const logout = (refreshToken: string): Promise<Answer> => server.stranger.post('/api/auth/logout', { refreshToken });
const me = (token: string): Promise<Answer> => server.stranger.with(token).get('/api/auth/me');
/** What the ledger says of a person's sign-ins, oldest first. */
const ledger = (userId: string) =>
  server.database.sql<{ action: string; outcome: string; changes: { after: { reason?: string } | null }; ip: string }>(
    `SELECT action, outcome, changes, host(ip) AS ip, request_id FROM audit_logs WHERE entity = 'session' AND user_id = $1 ORDER BY seq`,
    [userId],
  );
const brief = async (userId: string) =>
  (await ledger(userId)).map(({ action, outcome, changes }) =>
    [action, outcome, changes.after?.reason].filter(Boolean).join(' '),
  );

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
    expect(stored?.['password_hash']).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/); // a cheaper hash is replaced
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
    const email = `both${++count}@example.test`;
    const [here, there] = [await somebody(acme, email), await somebody(globex, email)];
    const ambiguous = await login(email);
    expect(ambiguous.status).toBe(409);
    expect(ambiguous.body).toMatchObject({ code: 'tenant_ambiguous' });
    expect(ambiguous.text).not.toMatch(/acme|globex/);
    expect((await login(email, { tenant: 'globex' })).body.user.id).toBe(there.id);
    expect((await login(email, { tenant: 'ACME' })).body.user.id).toBe(here.id);
    const other = await new Passwords({ ln: 10, r: 8, p: 1 }).hash('another');
    await server.database.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [there.id, other]);
    expect((await login(email)).body.user.id).toBe(here.id);
  });

  it('lets an operator of the platform in, who then sees no tenant', async () => {
    const operator = await server.world.operator();
    await server.database.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [operator.id, hash]);
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

describe('renewing', () => {
  const signedIn = async () => {
    const person = await somebody();
    return { person, ...(await login(person.email)).body };
  };

  it('rotates: each token is good once, and the answer works', async () => {
    const { person, refreshToken } = await signedIn();
    const second = await refresh(refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(refreshToken);
    expect((await me(second.body.token)).status).toBe(200);
    const third = await refresh(second.body.refreshToken);
    expect(third.status).toBe(200);
    expect(await brief(person.id)).toEqual(['login success', 'refresh success', 'refresh success']);
    const rows = await server.database.sql('SELECT * FROM refresh_tokens WHERE user_id = $1', [person.id]);
    expect(JSON.stringify(rows)).not.toContain(
      Buffer.from(refreshToken.slice(4), 'base64url').subarray(32).toString('hex'),
    );
  });

  it('a double click gets the same successor, and one family stays one line', async () => {
    const { person, refreshToken } = await signedIn();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect(await server.database.count('refresh_tokens', 'user_id = $1', [person.id])).toBe(2);
    expect((await refresh(answers[0]?.body.refreshToken ?? '')).status).toBe(200);
  });

  it('reuse after the successor was used revokes the family, for the thief and for the owner', async () => {
    const { person, refreshToken } = await signedIn();
    const second = (await refresh(refreshToken)).body.refreshToken;
    const third = (await refresh(second)).body.refreshToken;
    const reused = await refresh(refreshToken);
    expect(reused.status).toBe(401);
    expect(reused.body.code).toBe('refresh_token_reused');
    expect((await refresh(third)).body.code).toBe('refresh_token_invalid');
    expect((await refresh(second)).body.code).toBe('refresh_token_invalid');
    expect(await brief(person.id)).toEqual([
      'login success',
      'refresh success',
      'refresh success',
      'refresh failure used before',
      'refresh failure revoked',
      'refresh failure revoked',
    ]);
    expect(await server.database.count('refresh_tokens', 'user_id = $1 AND revoked_at IS NULL', [person.id])).toBe(0);
  });

  it('reuse after ten seconds is theft even when the successor is untouched', async () => {
    const { person, refreshToken } = await signedIn();
    await refresh(refreshToken);
    await server.database.sql(
      `UPDATE refresh_tokens SET used_at = now() - interval '11 s' WHERE user_id = $1 AND used_at IS NOT NULL`,
      [person.id],
    );
    expect((await refresh(refreshToken)).body.code).toBe('refresh_token_reused');
  });

  it('a race of owner and thief ends with nothing that still works', async () => {
    for (let round = 0; round < 5; round++) {
      const { person, refreshToken } = await signedIn();
      const second = (await refresh(refreshToken)).body.refreshToken;
      await server.database.sql(
        `UPDATE refresh_tokens SET used_at = now() - interval '11 s' WHERE user_id = $1 AND used_at IS NOT NULL`,
        [person.id],
      );
      await Promise.all([refresh(second), refresh(refreshToken), refresh(second)]);
      expect(await server.database.count('refresh_tokens', 'user_id = $1 AND revoked_at IS NULL', [person.id])).toBe(0);
    }
  });

  it('refuses guesses without touching the sign-in, and tenants that do not exist', async () => {
    const { refreshToken } = await signedIn();
    const bytes = Buffer.from(refreshToken.slice(4), 'base64url');
    const forged = (at: number) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return `rcr_${copy.toString('base64url')}`;
    };
    for (const at of [0, 15, 16, 31, 32, 63]) {
      const answer = await refresh(forged(at));
      expect(answer.status).toBe(401);
      expect(answer.body.code).toBe('refresh_token_invalid');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect((await logout(forged(at))).status).toBe(204);
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('refuses what is no refresh token at all, an access token for one', async () => {
    for (const text of ['x', 'rcr_short', acme.employee.token, `rcr_${'A'.repeat(86)}`, `rcr_${'A'.repeat(85)}B`]) {
      expect((await refresh(text)).body.code).toBe('refresh_token_invalid');
      expect((await logout(text)).status).toBe(204);
    }
  });

  it('refuses expired tokens and deactivated people', async () => {
    const [late, gone] = [await signedIn(), await signedIn()];
    await server.database.sql(`UPDATE refresh_tokens SET expires_at = now() WHERE user_id = $1`, [late.person.id]);
    expect((await refresh(late.refreshToken)).body.code).toBe('refresh_token_invalid');
    await server.database.sql(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [gone.person.id]);
    expect((await refresh(gone.refreshToken)).body.code).toBe('refresh_token_invalid');
    expect(await brief(late.person.id)).toEqual(['login success', 'refresh failure expired']);
    expect(await brief(gone.person.id)).toEqual(['login success', 'refresh failure not active']);
  });

  it('logout ends the family, once, and needs no access token', async () => {
    const { person, refreshToken } = await signedIn();
    const second = (await refresh(refreshToken)).body.refreshToken;
    const answer = await logout(refreshToken);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await logout(second)).status).toBe(204);
    expect((await refresh(second)).body.code).toBe('refresh_token_invalid');
    expect(await brief(person.id)).toEqual([
      'login success',
      'refresh success',
      'logout success',
      'refresh failure revoked',
    ]);
  });
});

describe('the token', () => {
  /** One request with header lines exactly as given. */
  const raw = (path: string, headers: Record<string, string | string[]>) =>
    new Promise<{ status: number; challenge: string | undefined }>((resolve, reject) => {
      request(server.url + path, { headers }, (answer) => {
        answer.resume().on('end', () => {
          resolve({ status: answer.statusCode ?? 0, challenge: answer.headers['www-authenticate'] });
        });
      })
        .on('error', reject)
        .end();
    });

  it('SEC-01, SEC-17: exactly one bearer token, in the header', async () => {
    const { token } = acme.employee;
    expect((await raw('/api/auth/me', { authorization: `Bearer ${token}` })).status).toBe(200);
    const refused: Record<string, string | string[]>[] = [
      {},
      { authorization: 'Bearer' },
      { authorization: `Basic ${token}` },
      { authorization: [`Bearer ${token}`, `Bearer ${token}`] },
      { cookie: `token=${token}; access_token=${token}` },
    ];
    for (const headers of refused) {
      const { status, challenge } = await raw('/api/auth/me', headers);
      expect([status, challenge]).toEqual([401, expect.stringMatching(/^Bearer realm=/)]);
    }
    expect((await raw(`/api/auth/me?access_token=${token}&token=${token}`, {})).status).not.toBe(200);
  });

  it('SEC-08: a refresh token is no access token', async () => {
    const person = await somebody();
    expect((await me((await login(person.email)).body.refreshToken)).status).toBe(401);
  });

  it('SEC-16: deactivation and lost roles count within the bound, here at once', async () => {
    const person = await somebody();
    expect((await person.api.get('/api/punches')).status).toBe(200);
    await server.database.sql('DELETE FROM user_roles WHERE user_id = $1', [person.id]);
    expect((await person.api.get('/api/punches')).status).toBe(403);
    await server.database.sql(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [person.id]);
    expect((await person.api.get('/api/punches')).status).toBe(401);
    const tenant = await server.world.tenant();
    expect((await tenant.admin.api.get('/api/auth/me')).status).toBe(200);
    await server.database.sql(`UPDATE tenants SET status = 'deactivated' WHERE id = $1`, [tenant.id]);
    expect((await tenant.admin.api.get('/api/auth/me')).status).toBe(401);
  });

  it('can be checked by others with the published keys', async () => {
    const answer: Answer = await server.stranger.get('/.well-known/jwks.json');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.body.keys).toHaveLength(1);
    expect(Object.keys(answer.body.keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
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
