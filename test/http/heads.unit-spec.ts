import { problemOf, startSurface, type Surface } from './support';

const json = { 'content-type': 'application/json' };
const id = '01900000-0000-7000-8000-000000000000';

describe('the HTTP surface, sent a head', () => {
  let surface: Surface;
  beforeAll(async () => {
    surface = await startSurface();
  });
  afterAll(() => surface.close());

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
    expect(await problemOf(await surface.post('/nowhere', '{'))).toMatchObject({ code: 'not_found' });
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
});
