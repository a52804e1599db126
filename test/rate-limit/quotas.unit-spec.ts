import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tinyApp, verified } from './tiny-app';

describe('quotas over HTTP', () => {
  let app: NestFastifyApplication;
  let address: string;
  let proxies: number;
  const start = async (settings: Record<string, string>, trustedProxies = 1) => {
    proxies = trustedProxies;
    app = await tinyApp(settings, proxies);
    address = await app.getUrl();
  };
  afterEach(() => app.close());

  interface Sent {
    method?: 'GET' | 'POST' | 'DELETE';
    headers?: Record<string, string>;
    body?: unknown;
    /** The address that the trusted proxy saw. */
    from?: string;
  }
  const ask = async (url: string, { method = 'GET', headers = {}, body, from = '192.0.2.1' }: Sent = {}) => {
    const forwarded = proxies > 0 ? [headers['x-forwarded-for'], from].filter(Boolean).join(', ') : undefined;
    const answer = await fetch(address + url, {
      method,
      headers: {
        ...headers,
        ...(forwarded ? { 'x-forwarded-for': forwarded } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      json: (await answer.json()) as Record<string, unknown>,
    };
  };
  const as = (who: string, from?: string) =>
    ask('/api/me', { headers: { authorization: `Bearer ${who}` }, ...(from ? { from } : {}) });
  const statuses = async (times: number, one: (i: number) => ReturnType<typeof ask>) => {
    const seen: number[] = [];
    for (let i = 0; i < times; i++) seen.push((await one(i)).statusCode);
    return seen;
  };
  const count = (seen: number[], status: number) => seen.filter((one) => one === status).length;

  describe('of a principal', () => {
    it('shows policy and state, and refuses the request after the last with a problem (LIM-01, LIM-02, LIM-03)', async () => {
      await start({ RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '3' });
      const first = await as('acme/ann');
      expect(first.headers).toMatchObject({
        'ratelimit-policy': '"authenticated";q=3;w=60',
        ratelimit: '"authenticated";r=2;t=20',
      });
      expect(await statuses(2, () => as('acme/ann'))).toEqual([200, 200]);
      const refused = await as('acme/ann');
      expect(refused.statusCode).toBe(429);
      expect(refused.headers).toMatchObject({
        'content-type': expect.stringContaining('application/problem+json') as string,
        'retry-after': '20',
        'ratelimit-policy': '"authenticated";q=3;w=60',
        ratelimit: '"authenticated";r=0;t=20',
      });
      expect(refused.json).toMatchObject({
        code: 'quota_exceeded',
        status: 429,
        violatedPolicies: ['authenticated'],
      });
    });

    it('is separate for tenants behind one address and joint for one user at two (LIM-07)', async () => {
      await start({ RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '4' });
      expect(count(await statuses(5, () => as('acme/ann')), 200)).toBe(4);
      expect(count(await statuses(5, () => as('globex/ann')), 200)).toBe(4);
      expect(count(await statuses(6, (i) => as('acme/bob', `192.0.2.${i}`)), 200)).toBe(4);
    });

    it('is not asked when quotas are off', async () => {
      await start({
        RATE_LIMIT: 'off',
        RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '1',
        RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '1',
      });
      expect(await statuses(3, () => as('acme/ann'))).toEqual([200, 200, 200]);
      expect(await statuses(3, () => as('nobody'))).toEqual([401, 401, 401]);
    });
  });

  describe('of an address', () => {
    it('limits requests without a token; probes and metrics never (HLT-04, LIM-15)', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' });
      expect(await statuses(5, () => ask('/api/public'))).toEqual([200, 200, 200, 429, 429]);
      for (const url of ['/health', '/health/live', '/ready', '/metrics', '/api/version'])
        expect(count(await statuses(100, () => ask(url)), 200)).toBe(100);
      expect((await ask('/health')).headers).not.toHaveProperty('ratelimit');
      expect((await ask('/api/public', { from: '192.0.2.2' })).statusCode).toBe(200);
    });

    it('refuses a flood of bad tokens before they are verified (LIM-11)', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5' });
      const seen = await statuses(50, (i) => as(`forged${i}`));
      expect([count(seen, 401), count(seen, 429)]).toEqual([5, 45]);
      expect(verified.count).toBe(5);
    });

    it('does not take the other terminals of a site down with the one whose token is bad', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5' });
      await as('acme/kiosk1');
      await statuses(50, (i) => as(`forged${i}`));
      expect((await as('acme/kiosk1')).statusCode).toBe(200);
      expect((await as('acme/never_seen')).statusCode).toBe(429);
      expect((await as('acme/never_seen', '192.0.2.2')).statusCode).toBe(200);
    });

    it('is not used up by good tokens', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '2' });
      expect(count(await statuses(20, () => as('acme/ann')), 200)).toBe(20);
    });

    it('counts an IPv6 client by its /64 (LIM-10) and both notations of IPv4 as one', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' });
      const rotating = await statuses(9, (i) => ask('/api/public', { from: `2001:db8:1:2:${i}:${i}:${i}:${i}` }));
      expect(count(rotating, 200)).toBe(3);
      expect((await ask('/api/public', { from: '2001:db8:1:3::1' })).statusCode).toBe(200);
      const notations = await statuses(6, (i) =>
        ask('/api/public', { from: i % 2 ? '198.51.100.7' : '::ffff:198.51.100.7' }),
      );
      expect(count(notations, 200)).toBe(3);
    });

    it('B6: counts one client once, whatever port its proxy writes behind the address', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' });
      const seen = await statuses(6, (i) => ask('/api/public', { from: `198.51.100.9:${1000 + i}` }));
      expect(count(seen, 429)).toBe(3);
      expect((await ask('/api/public', { from: '198.51.100.10:1000' })).statusCode).toBe(200);
    });

    it('does not believe a forged X-Forwarded-For (LIM-08)', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' }, 0);
      const forged = await statuses(9, (i) => ask('/api/public', { headers: { 'x-forwarded-for': `203.0.113.${i}` } }));
      expect(count(forged, 200)).toBe(3);
    });

    it('counts a renewal only when it was refused', async () => {
      await start({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '3' });
      const renew = (good: boolean) =>
        ask('/api/auth/refresh-token', { method: 'POST', body: {}, headers: good ? { 'x-good': '1' } : {} });
      expect(count(await statuses(20, () => renew(true)), 200)).toBe(20);
      expect(await statuses(4, () => renew(false))).toEqual([401, 401, 401, 429]);
    });
  });

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
    it.each<[string, () => ReturnType<typeof ask>, number]>([
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

  describe('of sign-ins (LIM-12)', () => {
    const signIn = (email: unknown, password: string, from?: string) =>
      ask('/api/auth/login', { method: 'POST', body: { email, password }, ...(from ? { from } : {}) });

    it('A11: used up by somebody elsewhere, are not where the owner of the account has signed in before', async () => {
      await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '3' });
      const office = '192.0.2.9';
      expect((await signIn('ann@acme.test', 'right', office)).statusCode).toBe(200);
      expect(await statuses(4, (i) => signIn('ann@acme.test', 'wrong', `192.0.2.${i}`))).toEqual([401, 401, 401, 429]);
      expect((await signIn('ann@acme.test', 'right', '192.0.2.8')).statusCode).toBe(429);
      expect((await signIn('ANN@acme.test', 'right', office)).statusCode).toBe(200);
      expect(await statuses(4, () => signIn('ann@acme.test', 'wrong', office))).toEqual([401, 401, 401, 429]);
      expect((await signIn('bob@acme.test', 'right', office)).statusCode).toBe(200);
    });

    it('limits failures for each account, whatever the spelling and the address', async () => {
      await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '3' });
      const spellings = ['Ann@acme.test', 'ann@acme.test', ' ANN@ACME.TEST ', 'ann@acme.test'];
      expect(await statuses(4, (i) => signIn(spellings[i], 'wrong', `192.0.2.${i}`))).toEqual([401, 401, 401, 429]);
      const refused = await signIn('ann@acme.test', 'right');
      expect(refused.json).toMatchObject({ violatedPolicies: ['login'] });
      expect(refused.headers['retry-after']).toBe('300');
      expect((await signIn('bob@acme.test', 'right')).statusCode).toBe(200);
    });

    it('limits failures for each address, ten times as many', async () => {
      await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '2' });
      const seen = await statuses(25, (i) => signIn(`person${i}@acme.test`, 'wrong'));
      expect([count(seen, 401), count(seen, 429)]).toEqual([20, 5]);
      expect((await signIn('another@acme.test', 'right')).json).toMatchObject({
        violatedPolicies: ['login-address'],
      });
      expect((await signIn('another@acme.test', 'right', '192.0.2.2')).statusCode).toBe(200);
    });

    it('counts neither successes nor faults of ours nor bad bodies', async () => {
      await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '1', RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '1' });
      expect(count(await statuses(30, () => signIn('ann@acme.test', 'right')), 200)).toBe(30);
      expect(count(await statuses(30, () => signIn('ann@acme.test', 'broken')), 503)).toBe(30);
      expect((await signIn(['ann@acme.test'], 'right')).statusCode).toBe(200);
      expect((await signIn('ann@acme.test', 'right')).statusCode).toBe(200);
    });

    it('admits no more guesses at once than one after the other', async () => {
      await start({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '3' });
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, i) => signIn('ann@acme.test', 'wrong', `192.0.2.${i}`)),
      );
      expect(
        count(
          answers.map((answer) => answer.statusCode),
          401,
        ),
      ).toBe(3);
    });
  });

  describe('networks of a tenant (SEC-40, NEG-04)', () => {
    const exported = (networks: string, sent: Sent) =>
      ask('/api/export', { ...sent, headers: { ...sent.headers, authorization: `Bearer acme/ann|${networks}` } });

    it('admits listed networks and refuses others with IP_RESTRICTED', async () => {
      await start({});
      expect((await exported('10.0.0.0/8,2001:db8::/32', { from: '10.1.2.3' })).statusCode).toBe(200);
      expect((await exported('10.0.0.0/8,2001:db8::/32', { from: '::ffff:10.1.2.3' })).statusCode).toBe(200);
      expect((await exported('10.0.0.0/8,2001:db8::/32', { from: '2001:db8::9' })).statusCode).toBe(200);
      const refused = await exported('10.0.0.0/8', { from: '203.0.113.9' });
      expect([refused.statusCode, refused.json.code]).toEqual([403, 'IP_RESTRICTED']);
      expect((await exported('garbage', { from: '10.1.2.3' })).statusCode).toBe(403);
    });

    it('B6: reads addresses with a port, and admits nobody whose address cannot be read', async () => {
      await start({});
      expect((await exported('203.0.113.0/24', { from: '203.0.113.9:4711' })).statusCode).toBe(200);
      expect((await exported('10.0.0.0/8', { from: '203.0.113.9:4711' })).statusCode).toBe(403);
      // The socket is that of the proxy, which the list may well contain.
      for (const from of ['unknown', '_hidden', '203.0.113.9:port'])
        expect((await exported('127.0.0.0/8', { from })).statusCode).toBe(403);
    });

    it('has no rule where the tenant lists nothing, and no say on other routes', async () => {
      await start({});
      expect((await ask('/api/export', { headers: { authorization: 'Bearer acme/ann' } })).statusCode).toBe(200);
      expect((await as('acme/ann|10.0.0.0/8')).statusCode).toBe(200);
    });

    it('uses the address the trusted proxy saw, not one the client wrote', async () => {
      await start({});
      const sent = { from: '203.0.113.9', headers: { 'x-forwarded-for': '10.1.2.3' } };
      expect((await exported('10.0.0.0/8', sent)).statusCode).toBe(403);
      expect((await exported('203.0.113.0/24', sent)).statusCode).toBe(200);
    });

    it('ignores the header where no proxy is trusted', async () => {
      await start({}, 0);
      const headers = { 'x-forwarded-for': '10.1.2.3' };
      expect((await exported('10.0.0.0/8', { headers })).statusCode).toBe(403);
      expect((await exported('127.0.0.0/8', { headers })).statusCode).toBe(200);
    });
  });
});
