import { request } from 'node:http';
import { tenantForFile } from '../support/scene';
import { type Answer, door } from './scene';

const { server, tenant: acme } = tenantForFile();
const { somebody, login, me } = door(server, acme);

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
