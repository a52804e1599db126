import { connect } from 'node:net';
import { problemOf, startSurface, type Surface, SurfaceController } from './support';
import { until } from '../support/until';

describe('the HTTP surface under load', () => {
  it('refuses what exceeds its capacity, answers probes, and counts right when clients vanish', async () => {
    const surface = await startSurface({ MAX_REQUESTS_IN_FLIGHT: '2' });
    const inFlight = () => surface.app.getHttpAdapter().getInstance().inFlight.count;
    const serves = (count: number) => until(() => inFlight() === count, `${count} requests are in flight`);
    const client = connect(surface.port, '127.0.0.1');
    client.write('GET /api/slow HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
    await serves(2);
    const refused = await surface.fetch('/api/punches');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await problemOf(refused)).toMatchObject({ code: 'overloaded' });
    expect((await surface.fetch('/health')).status).toBe(200);
    client.destroy();
    await serves(0);
    SurfaceController.release();
    expect((await surface.fetch('/api/punches')).status).toBe(200);
    await serves(0);
    await surface.close();
  });

  it('LIM-20 closes slow and silent connections and serves the others', async () => {
    const surface = await startSurface({}, { headers: 300, request: 600, keepAlive: 300, check: 50 });
    const slowBody =
      'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{';
    const [headers, body, silent, idle, other] = await Promise.all([
      surface.raw('GET /health HTTP/1.1\r\nHost:'),
      surface.raw(slowBody),
      surface.raw(''),
      surface.raw('GET /health HTTP/1.1\r\nHost: x\r\n\r\n'),
      surface.fetch('/health'),
    ]);
    expect(headers).toMatchObject({
      text: expect.stringMatching(/^HTTP\/1.1 408 [^]*problem\+json/) as string,
      closed: true,
    });
    expect(body).toMatchObject({ text: expect.stringMatching(/^HTTP\/1.1 408 /) as string, closed: true });
    expect([silent.closed, idle.closed, other.status]).toEqual([true, true, 200]);
    expect(surface.app.getHttpAdapter().getInstance().inFlight.count).toBe(0);
    await surface.close();
  });
});

describe('the HTTP surface behind proxies', () => {
  const forwarded = { 'X-Forwarded-For': '6.6.6.6, 10.0.0.9', 'X-Forwarded-Proto': 'http' };

  it('believes as many hops as there are proxies, and none where there are none', async () => {
    for (const [hops, address] of [
      ['0', '127.0.0.1'],
      ['1', '10.0.0.9'],
      ['2', '6.6.6.6'],
    ] as const) {
      const surface = await startSurface({ TRUSTED_PROXIES: hops });
      expect(await (await surface.fetch('/api/whoami', { headers: forwarded })).text()).toBe(address);
      await surface.close();
    }
    const surface = await startSurface({ TRUSTED_PROXIES: '1' });
    expect(await (await surface.fetch('/api/whoami', { headers: { 'X-Forwarded-For': "' or 1=1" } })).text()).toBe(
      '127.0.0.1',
    );
    await surface.close();
  });

  it.each([
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::9]:4711', '2001:db8::9'],
    ['[2001:db8::9]', '2001:db8::9'],
    ['2001:DB8:0:0::9', '2001:db8::9'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:port', '127.0.0.1'],
    ['010.0.0.1', '127.0.0.1'],
    ['unknown', '127.0.0.1'],
    ['_hidden:4711', '127.0.0.1'],
  ])('B6: reads the address that a proxy writes as %s', async (written, address) => {
    const surface = await startSurface({ TRUSTED_PROXIES: '1' });
    expect(await (await surface.fetch('/api/whoami', { headers: { 'X-Forwarded-For': written } })).text()).toBe(
      address,
    );
    await surface.close();
  });

  it('SEC-12 keeps production on HTTPS: pages move, API calls are refused, probes answer', async () => {
    const surface = await startSurface({ TRUSTED_PROXIES: '1', PRODUCTION: 'on' });
    const plain = { 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'rollcall.test' };
    expect(await problemOf(await surface.fetch('/api/punches', { headers: plain }))).toMatchObject({
      code: 'forbidden',
    });
    const page = await surface.fetch('/docs?a=b', { headers: plain });
    expect([page.status, page.headers.get('location')]).toEqual([308, 'https://rollcall.test/docs?a=b']);
    expect((await surface.fetch('/health', { headers: plain })).status).toBe(200);
    for (const scheme of ['HTTP', 'Http', 'ftp'])
      // B16: whatever is not HTTPS, in any spelling
      expect((await surface.fetch('/api/punches', { headers: { 'X-Forwarded-Proto': scheme } })).status).toBe(403);
    for (const scheme of ['https', 'HTTPS'])
      expect((await surface.fetch('/api/punches', { headers: { 'X-Forwarded-Proto': scheme } })).status).toBe(200);
    await surface.close();
  });
});

describe('the documentation', () => {
  let surface: Surface;
  beforeAll(async () => {
    surface = await startSurface({ SHOW_DOCS: 'on' });
  });
  afterAll(() => surface.close());

  it('SEC-39 is served from here, without inline scripts, and nothing else is', async () => {
    const page = await surface.fetch('/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(await page.text()).not.toMatch(/<script(?![^>]*src=)|src="http|href="http/);
    expect((await surface.fetch('/docs/swagger-ui-init.js')).headers.get('content-type')).toMatch(/charset=utf-8$/);
    expect((await surface.fetch('/api-docs')).headers.get('location')).toBe('/docs');
    for (const path of [
      '/docs/../package.json',
      '/docs/%2e%2e/package.json',
      '/docs/package.json.map',
      '/.git/config',
      '/.env',
      '/docs/nothing',
    ])
      expect((await problemOf(await surface.fetch(path))).status).toBe(404);
  });

  it('describes what follows from the policies of a route', async () => {
    const document = (await (await surface.fetch('/openapi.json')).json()) as {
      paths: Record<
        string,
        Record<string, { operationId: string; security?: unknown[]; responses: object; parameters: object[] }>
      >;
    };
    const create = document.paths['/api/punches']?.post;
    expect(create?.operationId).toBe('surface_create');
    expect(Object.keys(create?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '400', '401', '403', '409', '413', '415', '422', '429', '503', 'default']),
    );
    expect(create?.parameters).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(document.paths['/health']?.get?.security).toEqual([]);
    expect(document.paths['/api/punches/{id}']?.get?.parameters).toContainEqual(
      expect.objectContaining({ name: 'id', schema: { type: 'string', format: 'uuid' } }),
    );
  });
});
