import { tenantForFile } from '../support/scene';
import { door } from './scene';

const { server, tenant: acme } = tenantForFile();
const { somebody, login, refresh, logout, me, brief } = door(server, acme);

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
