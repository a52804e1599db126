import helmet from '@fastify/helmet';
import { fastify } from 'fastify';
import { problemOf, startSurface, type Surface } from './support';

const id = '01900000-0000-7000-8000-000000000000';

describe('the HTTP surface', () => {
  let surface: Surface;
  beforeAll(async () => {
    surface = await startSurface({ CORS_ORIGINS: 'https://app.rollcall.test' });
  });
  afterAll(() => surface.close());

  it('SEC-09 sets what helmet sets, on answers and refusals alike', async () => {
    const reference = fastify();
    const policy = {
      'default-src': ["'none'"],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
    };
    await reference.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: policy },
      crossOriginEmbedderPolicy: true,
    });
    const expected = (await fetch(await reference.listen({ port: 0, host: '127.0.0.1' }))).headers;
    await reference.close();
    const plain = ['content-type', 'content-length', 'date', 'connection', 'keep-alive'];
    const names = [...expected.keys()].filter((name) => !plain.includes(name));
    expect(names).toHaveLength(13);
    for (const path of ['/health', '/nowhere', '/api/private', '/api/%zz']) {
      const { headers } = await surface.fetch(path);
      for (const name of names)
        expect([name, headers.get(name)?.replaceAll('; ', ';')]).toEqual([
          name,
          expected.get(name)?.replaceAll('; ', ';'),
        ]);
      expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
    }
  });

  it('SEC-30 names type and charset, and lets nothing be cached', async () => {
    const { headers } = await surface.fetch('/api/punches');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('gives every answer an id, the one of the caller when it is sane', async () => {
    for (const path of ['/health', '/nowhere', '/api/%zz']) {
      const given = await surface.fetch(path, { headers: { 'X-Request-Id': 'kiosk-7.42' } });
      expect([given.headers.get('x-request-id'), given.headers.get('x-correlation-id')]).toEqual([
        'kiosk-7.42',
        'kiosk-7.42',
      ]);
      const made = await surface.fetch(path, { headers: { 'X-Request-Id': 'no good' } });
      expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('CON-10 renders every error as a problem without a trace of the inside', async () => {
    const broken = await surface.fetch(`/api/punches/${id.replace(/0$/, '1')}?secret=1`);
    const text = await broken.clone().text();
    expect(await problemOf(broken)).toMatchObject({
      code: 'internal_error',
      instance: `/api/punches/${id.replace(/0$/, '1')}`,
    });
    expect(text).not.toMatch(/secret| at |node_modules|Error:/);
    const refused = await surface.fetch('/api/private');
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await problemOf(refused)).toMatchObject({ code: 'unauthorized' });
    expect(await problemOf(await surface.fetch('/api/through-middleware'))).toMatchObject({ code: 'conflict' });
  });

  it('answers a malformed id with the words of an unknown one', async () => {
    const [unknown, malformed] = await Promise.all([
      surface.fetch(`/api/punches/${id}`),
      surface.fetch('/api/punches/x'),
    ]);
    const neutral = async (response: Response) => ({ ...(await problemOf(response)), instance: '', requestId: '' });
    expect(await neutral(malformed)).toEqual(await neutral(unknown));
  });

  it('406 refuses an Accept that no answer could satisfy, on API routes', async () => {
    const get = async (path: string, accept: string) => (await surface.fetch(path, { headers: { accept } })).status;
    expect(await get('/api/punches', 'text/html')).toBe(406);
    expect(await get('/api/punches', 'text/html, */*;q=0.1')).toBe(200);
    expect(await get('/api/export', 'text/csv')).toBe(200);
    expect(await get('/api/export', 'image/png')).toBe(406);
    expect(await get('/health', 'text/html')).toBe(200);
  });

  it('SEC-37 admits listed origins only, as whole strings and without credentials', async () => {
    for (const origin of [
      'https://evil.test',
      'null',
      'https://app.rollcall.test.evil.test',
      'http://app.rollcall.test',
      'https://xapp.rollcall.test',
    ])
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await surface.fetch('/api/punches', {
          method,
          headers: { origin, 'Access-Control-Request-Method': 'POST' },
        });
        expect([origin, headers.get('access-control-allow-origin')]).toEqual([origin, null]);
        expect(headers.get('access-control-allow-credentials')).toBeNull();
      }
    const refused = await surface.fetch('/api/private', { headers: { origin: 'https://app.rollcall.test' } });
    expect(refused.headers.get('access-control-allow-origin')).toBe('https://app.rollcall.test');
    expect(refused.headers.get('vary')).toMatch(/origin/i);
  });

  it('IDM-46 lets a browser send the key and read what comes back', async () => {
    const { status, headers } = await surface.fetch('/api/punches', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.rollcall.test',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'idempotency-key',
      },
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'https://app.rollcall.test']);
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    for (const name of ['Idempotency-Key', 'Authorization', 'Content-Type', 'If-Match', 'X-Request-Id'])
      expect(headers.get('access-control-allow-headers')).toContain(name);
    const exposed = [
      'Idempotent-Replayed',
      'Retry-After',
      'Location',
      'ETag',
      'RateLimit',
      'RateLimit-Policy',
      'X-Request-Id',
    ];
    for (const name of exposed) expect(headers.get('access-control-expose-headers')).toContain(name);
  });
});
