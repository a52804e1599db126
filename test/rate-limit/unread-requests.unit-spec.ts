import { type Answer, count, quotaScene, statuses } from './scene';
import { verified } from './tiny-app';

const { start, ask, as } = quotaScene();

describe('quotas over HTTP', () => {
  describe('of bodies that cannot be read (A3)', () => {
    const malformed = (url: string, headers: Record<string, string> = {}) =>
      ask(url, { method: 'POST', headers, body: '{' });

    it.each(['/api/me', '/api/auth/refresh-token'])('are requests like any other without a token: %s', async (url) => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5' });
      expect(await statuses(7, () => malformed(url))).toEqual([400, 400, 400, 400, 400, 429, 429]);
      expect((await ask('/api/public')).statusCode).toBe(429);
    });

    it('are counted at the sign-in, and stop it there alone', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' });
      const signIn = (from?: string) =>
        ask('/api/auth/login', { method: 'POST', body: { password: 'right' }, ...(from ? { from } : {}) });
      expect(await statuses(3, () => ask('/api/public'))).toEqual([200, 200, 200]);
      expect(await statuses(9, () => signIn())).not.toContain(429);
      expect(await statuses(4, () => malformed('/api/auth/login'))).toEqual([400, 400, 400, 429]);
      expect([(await signIn()).statusCode, (await signIn('192.0.2.2')).statusCode]).toEqual([429, 200]);
    });

    it('use up the requests without a token, wherever they were sent', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' });
      expect(await statuses(2, () => malformed('/api/auth/login'))).toEqual([400, 400]);
      expect((await ask('/api/public')).headers).toMatchObject({ ratelimit: expect.stringContaining('r=0') as string });
    });

    it('are stopped when many come at once', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5' });
      const seen = await Promise.all(Array.from({ length: 40 }, () => malformed('/api/me')));
      expect(
        count(
          seen.map(({ statusCode }) => statusCode),
          400,
        ),
      ).toBe(5);
    });

    it('behind a token that nobody has accepted count for the address', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5' });
      const seen = await statuses(7, (i) => malformed('/api/me', { authorization: `Bearer forged${i}` }));
      expect(seen).toEqual([400, 400, 400, 400, 400, 429, 429]);
      expect(verified.count).toBe(0);
    });

    it('behind a good token count for that token, and bodies that can be read cost it nothing', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5', RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '8' });
      const ann = { authorization: 'Bearer acme/ann_with_a_token_of_the_usual_length' };
      expect((await ask('/api/me', { headers: ann })).statusCode).toBe(200);
      const seen = await statuses(10, () => malformed('/api/me', ann));
      expect([count(seen, 400), count(seen, 429)]).toEqual([8, 2]);
      expect((await ask('/api/public')).statusCode).toBe(200);
      await as('acme/bob');
      const read = () => ask('/api/me', { method: 'POST', headers: { authorization: 'Bearer acme/bob' }, body: {} });
      expect(count(await statuses(10, read), 201)).toBe(7);
    });
  });

  describe('requests that are refused for their first lines', () => {
    it.each<[string, () => Promise<Answer>, number]>([
      ['an unknown route', () => ask('/api/nowhere'), 404],
      ['another spelling of a route', () => ask('/api/%70ublic'), 404],
      ['a method that is not offered', () => ask('/api/public', { method: 'DELETE' }), 405],
      ['a percent-encoding that is none', () => ask('/api/public%zz'), 400],
      ['bytes that are no UTF-8', () => ask('/%ff?q=1'), 400],
      ['an answer that is not offered', () => ask('/api/public', { headers: { accept: 'image/png' } }), 406],
    ])('count as those without a token, and are limited as they are: %s', async (_what, one, status) => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' });
      expect(await statuses(5, one)).toEqual([status, status, status, 429, 429]);
      expect((await ask('/api/public')).statusCode).toBe(429);
      expect((await ask('/api/nowhere', { from: '192.0.2.2' })).statusCode).toBe(404);
      expect((await ask('/health')).statusCode).toBe(200);
    });

    it('count for the address behind a token that nobody has accepted, and for the token behind a good one', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3', RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '6' });
      const lost = (authorization: string) => ask('/api/nowhere', { headers: { authorization } });
      const ann = 'Bearer acme/ann_with_a_token_of_the_usual_length';
      expect((await ask('/api/me', { headers: { authorization: ann } })).statusCode).toBe(200);
      expect(count(await statuses(8, () => lost(ann)), 404)).toBe(6);
      expect((await ask('/api/public')).statusCode).toBe(200);
      expect(await statuses(4, (i) => lost(`Bearer forged${i}`))).toEqual([404, 404, 429, 429]);
      expect(verified.count).toBe(1);
    });
  });
});
