import { problemOf, startSurface, type Surface } from './support';

const json = { 'content-type': 'application/json' };
const id = '01900000-0000-7000-8000-000000000000';

describe('the HTTP surface, sent a body', () => {
  let surface: Surface;
  beforeAll(async () => {
    surface = await startSurface({ BODY_LIMIT_BYTES: '2048' });
  });
  afterAll(() => surface.close());

  it('SEC-32 takes bodies as JSON in UTF-8 only', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'application/json; charset=utf-16',
    ];
    for (const type of [...types, 'application/vnd.api+json', 'application/jsonx', 'nonsense', 'application/json; a=b'])
      expect([type, (await surface.post('/api/echo', '{}', { 'content-type': type })).status]).toEqual([type, 415]);
    const untyped = await surface.raw(
      'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    expect(untyped.text).toMatch(/^HTTP\/1.1 415 /);
    for (const type of ['application/json', 'Application/JSON;charset=UTF-8', 'application/json; charset="utf-8"'])
      expect((await surface.post('/api/echo', '{}', { 'content-type': type })).status).toBe(201);
  });

  it('takes requests without a body where none is needed', async () => {
    expect((await surface.post('/api/logout', undefined, {})).status).toBe(201);
    expect((await surface.post('/api/logout', undefined)).status).toBe(400);
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
      const problem = await problemOf(await surface.post('/api/echo', body));
      expect([body, problem.status, problem.errors?.length]).toEqual([body, 400, 1]);
    }
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it('CON-03 names all faults of a body and of a query', async () => {
    const body = await problemOf(
      await surface.post('/api/punches/batch', `{"punches":[{"type":"x","employeeId":"${id}"},{}]}`),
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

  it('413 refuses a large body before and while it arrives', async () => {
    expect(await problemOf(await surface.post('/api/echo', `"${'x'.repeat(5000)}"`))).toMatchObject({
      code: 'body_too_large',
    });
    const head =
      'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const answer = await surface.raw(`${head}1000\r\n${'x'.repeat(4096)}\r\n1000\r\n`, /connection: close/i);
    expect(answer.text).toMatch(/^HTTP\/1.1 413 [^]*connection: close/i);
  });
});
