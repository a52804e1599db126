import helmet from '@fastify/helmet';
import { fastify } from 'fastify';
import { problemOf, startSurface, type Surface } from './support';

const json = { 'content-type': 'application/json' };
const id = '01900000-0000-7000-8000-000000000000';

describe('the HTTP surface', () => {
  let surface: Surface;
  const post = (
    path: string,
    body: NonNullable<RequestInit['body']> | undefined,
    headers: Record<string, string> = json,
  ) => surface.fetch(path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });

  beforeAll(async () => {
    surface = await startSurface({ CORS_ORIGINS: 'https://app.rollcall.test', BODY_LIMIT_BYTES: '2048' });
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

  it('SEC-31 answers other methods with 405 and Allow, or 501, and never 200', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const response = await surface.fetch('/api/punches', { method, body: '{', headers: json });
      expect(response.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
      expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    }
    const status = async (line: string) =>
      (await surface.raw(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).text;
    expect(await status('TRACE /health')).toMatch(/^HTTP\/1.1 405 [^]*allow: GET, HEAD, OPTIONS\r\n/);
    expect(await status('PROPFIND /health')).toMatch(/^HTTP\/1.1 405 /);
    expect(await status('CONNECT db:5432')).toMatch(/^HTTP\/1.1 501 /);
    expect(await status('BREW /health')).toMatch(/^HTTP\/1.1 501 /);
    expect(await status('OPTIONS *')).toMatch(/^HTTP\/1.1 404 /);
  });

  it('CON-06 serves HEAD for GET and OPTIONS for every path, and 404 for none', async () => {
    expect((await surface.fetch('/api/punches', { method: 'HEAD' })).status).toBe(200);
    const options = await surface.fetch('/api/punches', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    expect((await surface.fetch('/nowhere', { method: 'OPTIONS' })).status).toBe(404);
    expect(await problemOf(await post('/nowhere', '{'))).toMatchObject({ code: 'not_found' });
  });

  it('SEC-32 takes bodies as JSON in UTF-8 only', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'application/json; charset=utf-16',
    ];
    for (const type of [...types, 'application/vnd.api+json', 'application/jsonx', 'nonsense', 'application/json; a=b'])
      expect([type, (await post('/api/echo', '{}', { 'content-type': type })).status]).toEqual([type, 415]);
    const untyped = await surface.raw(
      'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    expect(untyped.text).toMatch(/^HTTP\/1.1 415 /);
    for (const type of ['application/json', 'Application/JSON;charset=UTF-8', 'application/json; charset="utf-8"'])
      expect((await post('/api/echo', '{}', { 'content-type': type })).status).toBe(201);
  });

  it('takes requests without a body where none is needed', async () => {
    expect((await post('/api/logout', undefined, {})).status).toBe(201);
    expect((await post('/api/logout', undefined)).status).toBe(400);
    for (const init of [{}, { headers: json }, { headers: json, body: '{"reason":"x"}' }])
      expect((await surface.fetch(`/api/punches/${id}`, { method: 'DELETE', ...init })).status).toBe(200);
  });

  it('SEC-34 refuses malformed and poisonous JSON with a pointer, and never with 500', async () => {
    const bodies = [
      '{',
      '{"a":1,}',
      '\uFEFF{}',
      '{"a":1,"a":1}',
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{}}}',
    ];
    for (const body of [...bodies, '{"a":NaN}', '{"a":"\\ud800"}', '{"a":9007199254740993}', '['.repeat(2000)]) {
      const problem = await problemOf(await post('/api/echo', body));
      expect([body, problem.status, problem.errors?.length]).toEqual([body, 400, 1]);
    }
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it('CON-03 names all faults of a body and of a query', async () => {
    const body = await problemOf(
      await post('/api/punches/batch', `{"punches":[{"type":"x","employeeId":"${id}"},{}]}`),
    );
    expect(body.errors?.map(({ pointer }) => pointer)).toEqual([
      '/punches/0/type',
      '/punches/1/employeeId',
      '/punches/1/type',
    ]);
    const query = await problemOf(await surface.fetch('/api/punches?limit=0&limits=1'));
    expect(query.errors?.map(({ pointer }) => pointer)).toEqual(['?limit', '?limits']);
    const twice = await problemOf(await surface.fetch('/api/punches?q=1&q=2'));
    expect(twice.errors?.map(({ pointer }) => pointer)).toEqual(['?q']);
  });

  it('SEC-35 refuses strange paths, long addresses and many headers', async () => {
    const get = async (target: string, more = '') =>
      Number(
        (await surface.raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n`)).text.slice(9, 12),
      );
    expect(await get('/api/%2e%2e/health')).toBe(404);
    expect(await get('/api/../health')).toBe(404);
    expect(await get('//health')).toBe(404);
    expect(await get('/Health')).toBe(404);
    expect(await get('/health;x')).toBe(404);
    expect(await get('/health%00')).toBe(400);
    expect(await get('/api/punches?q=%00')).toBe(400);
    expect(await get('/%ff')).toBe(400);
    expect(await get(`/${'a'.repeat(20_480)}`)).toBe(414);
    expect(await get(`/${'a'.repeat(40_960)}`)).toBe(414);
    expect(await get(`/api/punches/${'a'.repeat(4000)}`)).toBe(404);
    expect(await get('/health', 'X-A: 1\r\n'.repeat(200))).toBe(431);
    expect(await get('/health', `X-A: ${'a'.repeat(40_960)}\r\n`)).toBe(431);
  });

  it('A15 knows one spelling of each route, and every spelling of a parameter', async () => {
    const answers = async (line: string) =>
      (await surface.raw(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).text.slice(9, 12);
    for (const path of ['/%61pi/punches', '/api/%70unches', '/api/punche%73', `/%61pi/punches/${id}`, '/%68ealth'])
      for (const method of ['GET', 'PUT', 'OPTIONS'])
        expect([path, method, await answers(`${method} ${path}`)]).toEqual([path, method, '404']);
    expect(await answers(`GET /api/punches/${id.replaceAll('-', '%2D')}`)).toBe(
      await answers(`GET /api/punches/${id}`),
    );
    expect(await answers('GET /api/punches?q=%61')).toBe(await answers('GET /api/punches?q=a'));
  });

  it('names an address that cannot be read as it was sent', async () => {
    expect(await problemOf(await surface.fetch('/api/%zz?secret=1'))).toMatchObject({
      status: 400,
      detail: 'The address is not a valid URL.',
      instance: '/api/%zz',
    });
  });

  it('SEC-36 answers what could be read in two ways with 400 and closes the connection', async () => {
    const chunked = 'Transfer-Encoding: chunked\r\n';
    for (const head of [
      `Content-Length: 5\r\n${chunked}`,
      'Content-Length: 5\r\nContent-Length: 6\r\n',
      'Content-Length: 5, 5\r\n',
      'Content-Length: +5\r\n',
      'Transfer-Encoding: xchunked\r\n',
      'Transfer-Encoding: chunked, identity\r\n',
      'Content-Type : application/json\r\n',
    ]) {
      const answer = await surface.raw(
        `POST /api/echo HTTP/1.1\r\nHost: x\r\n${head}Content-Type: application/json\r\n\r\n0\r\n\r\nGET /health`,
      );
      expect([head, answer.text.slice(0, 12), answer.closed]).toEqual([head, 'HTTP/1.1 400', true]);
      expect(answer.text.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1);
      expect(answer.text).toContain('application/problem+json');
    }
    for (const bytes of [
      'GET /health HTTP/1.1\nHost: x\n\n',
      'GET /health HTTP/1.1\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nhost: x\r\n\r\n',
      'GET /health HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n',
      ...['a, b', 'a/b', 'a b', 'u@a', 'a:b', '[::1', 'a?b'].map(
        (host) => `GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      ),
      'nonsense\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01',
    ])
      expect(await surface.raw(bytes)).toMatchObject({
        text: expect.stringMatching(/^HTTP\/1.1 400 /) as string,
        closed: true,
      });
  });

  it('A14 takes every form of one host', async () => {
    for (const host of ['x', 'x:80', '127.0.0.1:3000', '[::1]', '[::1]:3000', 'a_b.example', ''])
      expect([
        host,
        (await surface.raw(`GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).text.slice(9, 12),
      ]).toEqual([host, '200']);
  });

  it('413 refuses a large body before and while it arrives', async () => {
    expect(await problemOf(await post('/api/echo', `"${'x'.repeat(5000)}"`))).toMatchObject({ code: 'body_too_large' });
    const head =
      'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await surface.raw(`${head}1000\r\n${'x'.repeat(4096)}\r\n1000\r\n`, /connection: close/i);
    expect(answer.text).toMatch(/^HTTP\/1.1 413 [^]*connection: close/i);
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
