import { rawRequest } from '../support/raw';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import { aKey, expectReplay, isReplay, nothing, once, tap, terminalPunch, traces } from './scene';

const { server, tenant: acme } = tenantForEachTest(
  { CORS_ORIGINS: 'https://kiosk.example.test', BODY_LIMIT_BYTES: '4096' },
  startServer,
);

const leaves = (tenant = acme) => traces(server.database, tenant);
const body = () => JSON.stringify(terminalPunch(acme.employee));
const rawTap = (...keyLines: string[]) =>
  rawRequest(
    server.url,
    'POST /api/punches HTTP/1.1',
    [`Authorization: Bearer ${acme.admin.token}`, 'Content-Type: application/json', ...keyLines],
    body(),
  );

describe('the header', () => {
  it.each([
    ['empty', ''],
    ['an empty string in quotes', '""'],
    ['256 characters', 'k'.repeat(256)],
    ['a letter outside ASCII', 'caf\u00e9'],
    ['the same in UTF-8', Buffer.from('café').toString('latin1')],
    ['a no-break space at the end', 'k\u00a0'],
    ['a tab', 'a\tb'],
  ])('IDM-11: is refused when it is %s', async (_what, key) => {
    const reply = await rawTap(`Idempotency-Key: ${key}`);
    expect([reply.status, reply.body.code]).toEqual([400, 'idempotency_key_invalid']);
    expect(reply.body.errors).toEqual([expect.objectContaining({ pointer: 'header:Idempotency-Key' })]);
    expect(await leaves()).toEqual(nothing);
  });

  it.each(['\u0001', '\u0000', '\u007f'])('IDM-11: is refused with a control character (%j)', async (character) => {
    const reply = await rawTap(`Idempotency-Key: a${character}b`);
    expect([reply.status, reply.body.code]).toEqual([
      400,
      expect.stringMatching(/^(idempotency_key_invalid|bad_request)$/),
    ]);
    expect(await leaves()).toEqual(nothing);
  });

  it.each([
    'k'.repeat(255),
    '100%',
    "o'clock'; DROP TABLE punches; --",
    'a;b:c',
    '../../etc/passwd',
    'a\\b "c',
    '{"$ne":1}',
    'a,b',
  ])('IDM-12: may hold any printable character: %s', async (key) => {
    const first = await tap(acme, key);
    expect(first.status).toBe(201);
    expectReplay(await tap(acme, key), first);
    expect(await leaves()).toEqual(once);
  });

  it('IDM-13: is the same key in quotes and without', async () => {
    const first = await tap(acme, '"k-1 \\"a\\" \\\\"');
    expectReplay(await tap(acme, 'k-1 "a" \\'), first);
    expect(await leaves()).toEqual(once);
  });

  it('may be repeated with one value, not with two', async () => {
    const same = await rawTap('Idempotency-Key: k', 'idempotency-key: "k"');
    expect(same.status).toBe(201);
    const two = await rawTap('Idempotency-Key: k', 'Idempotency-Key: l');
    expect([two.status, two.body.code]).toEqual([400, 'idempotency_key_invalid']);
  });

  it('is demanded where the tenant demands it, and the key of a refusal for its lack is not used up', async () => {
    const strict = await server.world.tenant(undefined, { requireIdempotencyKey: true });
    const reply = await strict.admin.api.post('/api/punches', terminalPunch(strict.employee));
    expect([reply.status, reply.body.code]).toEqual([400, 'idempotency_key_required']);
    expect((await tap(strict, aKey())).status).toBe(201);
    expect(await leaves(strict)).toEqual(once);
  });
});

describe('what is refused before the handler does not use up the key', () => {
  const corrected = async (key: string) => {
    expect(await leaves()).toEqual(nothing);
    const reply = await tap(acme, key);
    expect([reply.status, isReplay(reply)]).toEqual([201, false]);
    expect(await leaves()).toEqual(once);
  };

  it('IDM-22: an invalid body', async () => {
    const key = aKey();
    expect((await tap(acme, key, { type: 'lunch' })).status).toBe(400);
    expect((await acme.admin.api.post('/api/punches', '{"type":', { key })).body.code).toBe('malformed_json');
    await corrected(key);
  });

  it('IDM-23: a missing or bad token', async () => {
    const key = aKey();
    const told = terminalPunch(acme.employee);
    expect((await server.stranger.post('/api/punches', told, { key })).status).toBe(401);
    expect((await server.stranger.with(`${acme.admin.token}x`).post('/api/punches', told, { key })).status).toBe(401);
    await corrected(key);
  });

  it('IDM-26: an Accept that no answer satisfies, or a body that is too large', async () => {
    const key = aKey();
    const send = (text: string, headers: Record<string, string> = {}) =>
      acme.admin.api.post('/api/punches', text, { key, headers });
    expect((await send(body(), { accept: 'text/html' })).status).toBe(406);
    expect((await send(body().replace('{', `{"reason":"${'x'.repeat(5000)}",`))).status).toBe(413);
    expect(await leaves()).toEqual(nothing);
    await corrected(key);
  });

  it('IDM-26 IDM-43: a form instead of JSON', async () => {
    const form = `--b\r\nContent-Disposition: form-data; name="type"\r\n\r\nin\r\n--b--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const key = aKey();
    const refused = await acme.admin.api.post('/api/punches', form, { key, headers });
    expect(await leaves()).toEqual(nothing);
    expect([refused.status, refused.body.code]).toEqual([415, 'unsupported_media_type']);
    await corrected(key);
  });

  it('IDM-38: a repetition asks again whether the caller may, and shows nothing to one who may not', async () => {
    const key = aKey();
    const first = await tap(acme, key);
    await server.database.sql("UPDATE user_roles SET role = 'employee' WHERE user_id = $1", [acme.admin.id]);
    const refused = await tap(acme, key);
    expect([refused.status, isReplay(refused), refused.text.includes(first.body.id)]).toEqual([403, false, false]);
    await server.database.sql("UPDATE users SET status = 'deactivated' WHERE id = $1", [acme.admin.id]);
    expect((await tap(acme, key)).status).toBe(401);
    await server.database.sql("UPDATE users SET status = 'active' WHERE id = $1", [acme.admin.id]);
    await server.database.sql("UPDATE user_roles SET role = 'admin' WHERE user_id = $1", [acme.admin.id]);
    expectReplay(await tap(acme, key), first);
  });
});

describe('what others see of keys', () => {
  it('IDM-46: a browser may send the key and read what belongs to it', async () => {
    const origin = 'https://kiosk.example.test';
    const asked = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'idempotency-key',
    };
    const preflight = await server.stranger.request('OPTIONS', '/api/punches', undefined, { headers: asked });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('idempotency-key');
    const reply = await acme.admin.api.post('/api/punches', terminalPunch(acme.employee), { headers: { origin } });
    const exposed = reply.headers.get('access-control-expose-headers')?.toLowerCase().split(/, */);
    expect(exposed).toEqual(expect.arrayContaining(['idempotent-replayed', 'retry-after', 'location']));
  });

  it('IDM-47: the document describes the header, its answers and its time on every keyed operation', async () => {
    const { body: document } = await server.stranger.get('/openapi.json');
    const parameter = document.components.parameters.IdempotencyKey;
    expect(parameter).toMatchObject({ name: 'Idempotency-Key', in: 'header' });
    expect(parameter.schema).toMatchObject({
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: expect.any(String),
    });
    expect(parameter.description).toMatch(/24 hours/);
    const pattern = new RegExp(parameter.schema.pattern as string);
    expect([pattern.test(aKey()), pattern.test('caf\u00e9'), pattern.test('')]).toEqual([true, false, false]);
    const keyed = [
      ['/api/punches', 'post'],
      ['/api/punches/batch', 'post'],
      ['/api/punches/{id}', 'patch'],
      ['/api/punches/{id}', 'delete'],
      ['/api/users', 'post'],
      ['/api/users/{id}', 'patch'],
      ['/api/users/{id}', 'delete'],
    ] as const;
    for (const [route, method] of keyed) {
      const operation = document.paths[route][method];
      expect([route, method, operation.parameters]).toEqual([
        route,
        method,
        expect.arrayContaining([{ $ref: '#/components/parameters/IdempotencyKey' }]),
      ]);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '409', '422']));
    }
  });
});
