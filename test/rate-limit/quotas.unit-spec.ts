import { count, quotaScene, statuses } from './scene';
import { verified } from './tiny-app';

const { start, ask, as } = quotaScene();

describe('quotas over HTTP', () => {
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
        ATTENDANCE_RATE_LIMIT_ENABLED: 'off',
        RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '1',
        RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '1',
      });
      expect(await statuses(3, () => as('acme/ann'))).toEqual([200, 200, 200]);
      expect(await statuses(3, () => as('nobody'))).toEqual([401, 401, 401]);
    });
  });

  it('are shown to pages of other origins, on success and on 429, and say nobody’s address (LIM-18)', async () => {
    await start({ CORS_ORIGINS: 'https://app.example', RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '1' });
    const answers = [];
    for (let asked = 0; asked < 2; asked++)
      answers.push(await ask('/api/public', { headers: { origin: 'https://app.example' } }));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 429]);
    for (const { headers } of answers) {
      const exposed = headers['access-control-expose-headers']?.toLowerCase().split(/, */) ?? [];
      expect(exposed).toEqual(expect.arrayContaining(['ratelimit', 'ratelimit-policy', 'retry-after']));
      expect(`${headers['ratelimit']} ${headers['ratelimit-policy']}`).not.toContain('192.0.2');
    }
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
});
