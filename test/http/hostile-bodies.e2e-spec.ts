import { startServer, type TestServer } from '../support/server';

/** A1, as it was sent: a fault behind 165,000 members of an object 2,000 levels down. It took 38 s, without a token. */
const hostile = '{"a":'.repeat(2000) + '{' + '"b":1,'.repeat(165_000) + 'x';

describe('a hostile body without a token', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ ATTENDANCE_RATE_LIMIT_ENABLED: 'on', RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '4' });
  });
  afterAll(() => server.close());

  it('A1: costs no more than ten times a body that is all right, and is refused', async () => {
    const costOf = async (body: string) => {
      const before = process.cpuUsage();
      const reply = await server.stranger.post('/api/auth/login', body);
      const { user, system } = process.cpuUsage(before);
      return { reply, cpu: user + system };
    };
    await costOf('{}');
    const harmless = await costOf(JSON.stringify({ email: 'a@acme.test', password: 'x'.repeat(hostile.length) }));
    const { reply, cpu } = await costOf(hostile);
    expect(reply).toMatchObject({
      status: 400,
      body: { code: 'malformed_json', errors: [{ code: 'malformed_json' }] },
    });
    expect(reply.text.length).toBeLessThan(5000);
    expect(cpu).toBeLessThan(10 * harmless.cpu + 1_000_000);
  });

  it('A3: is one of the requests that an address has without a token, and no longer read when those are used up', async () => {
    const seen: number[] = [];
    for (let n = 0; n < 6; n++) seen.push((await server.stranger.post('/api/punches', '{')).status);
    expect(seen.filter((status) => status === 400).length).toBeLessThanOrEqual(4);
    expect(seen.at(-1)).toBe(429);
    const reply = await server.stranger.post('/api/punches', hostile);
    expect(reply).toMatchObject({ status: 429, body: { code: 'quota_exceeded', violatedPolicies: ['anonymous'] } });
  });
});
