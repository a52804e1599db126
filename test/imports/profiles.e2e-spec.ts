import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import { tenantForEachTest } from '../support/scene';

const { server, tenant: acme } = tenantForEachTest();
const base = '/api/attendance/import';

beforeEach(async () => {
  await server.database.sql(
    `INSERT INTO users (tenant_id, name, employee_number) VALUES ($1, 'Person 7', '007'), ($1, 'Person 8', '008')`,
    [acme.id],
  );
});

const header = 'Ausweis;Name;Gebucht am;Wohin';
const gate = {
  name: 'Gates in Hamburg',
  kind: 'punches',
  mapping: {
    fields: { employee: 'Ausweis', timestamp: 'Gebucht am', type: 'Wohin' },
    types: { Rein: 'in', Raus: 'out' },
    dateFormat: 'DD.MM.YYYY',
  },
  timeZone: 'Europe/Berlin',
  columns: header.split(';'),
};
const rows = ['007;Ada;02.03.2026 09:00;Rein', '008;Bo;02.03.2026 09:05;Rein', '007;Ada;02.03.2026 17:00;Raus'];
const csvText = [header, ...rows, ''].join('\r\n');
const store = (body: unknown = gate) => acme.admin.api.post(`${base}/profiles`, body);
const preview = (body: unknown) => acme.admin.api.post(`${base}/preview`, body);
const commit = (body: unknown) => acme.admin.api.post(`${base}/commit`, body);
const upload = (text: string) =>
  fetch(`${server.url}${base}/upload?filename=gate.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'text/csv' },
    body: text,
  }).then(async (reply) => ({ status: reply.status, body: (await reply.json()) as any }));

describe('a mapping profile', () => {
  it('is stored, listed behind the built-in ones, read, replaced and deleted, with evidence', async () => {
    const made = await store();
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`${base}/profiles/${made.body.id as string}`);
    expect(made.body).toMatchObject({ ...gate, builtIn: false, version: 1 });
    expect(made.body.signature).toMatch(/^[0-9a-f]{64}$/);
    const path = `${base}/profiles/${made.body.id as string}`;
    const listed = await acme.admin.api.get(`${base}/profiles`);
    const names = (listed.body.data as { name: string; builtIn: boolean }[]).map(({ name, builtIn }) => [
      name,
      builtIn,
    ]);
    expect(names).toContainEqual(['clockify', true]);
    expect(names).toContainEqual(['zkteco-attlog', true]);
    expect(names.at(-1)).toEqual(['Gates in Hamburg', false]);
    const read = await acme.admin.api.get(path);
    expect([read.body, read.headers.get('etag')]).toEqual([made.body, '"1"']);

    const put = (body: unknown, ifMatch: string) =>
      acme.admin.api.put(path, body, { headers: { 'if-match': ifMatch } });
    const changed = await put({ ...gate, name: 'Gates of Hamburg' }, '"1"');
    expect([changed.status, changed.body.name, changed.headers.get('etag')]).toEqual([200, 'Gates of Hamburg', '"2"']);
    expect((await put(gate, '"1"')).status).toBe(412);
    expect((await acme.admin.api.request('DELETE', path, undefined, { headers: { 'if-match': '"1"' } })).status).toBe(
      412,
    );
    expect((await acme.admin.api.request('DELETE', path, undefined, { headers: { 'if-match': '"2"' } })).status).toBe(
      200,
    );
    expect((await acme.admin.api.get(path)).status).toBe(404);
    const entries = await server.database.sql<{ action: string; changes: any }>(
      `SELECT action, changes FROM audit_logs WHERE tenant_id = $1 AND entity = 'import_profile' ORDER BY id`,
      [acme.id],
    );
    expect(entries.map(({ action }) => action)).toEqual(['create', 'update', 'delete']);
    expect(entries[1]?.changes).toEqual({
      before: { name: 'Gates in Hamburg' },
      after: { name: 'Gates of Hamburg' },
    });
  });

  it('is paged in the order of the names', async () => {
    for (const name of ['beta', 'Alpha', 'gamma']) await store({ ...gate, name });
    const names: string[] = [];
    let cursor = '';
    do {
      const { body } = await acme.admin.api.get(`${base}/profiles?limit=2${cursor}`);
      expect(body.data.length).toBeLessThanOrEqual(2);
      names.push(...(body.data as { name: string }[]).map(({ name }) => name));
      cursor = body.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(body.nextCursor as string)}`;
    } while (cursor !== '');
    expect(names.slice(-3)).toEqual(['Alpha', 'beta', 'gamma']);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a name of its own, columns that its mapping knows, and a zone that exists', async () => {
    await store();
    const twice = await store({ ...gate, name: 'GATES in hamburg' });
    expect([twice.status, twice.body.code, twice.body.errors[0].pointer]).toEqual([409, 'conflict', '/name']);
    expect((await store({ ...gate, name: 'Clockify' })).status).toBe(409);
    const astray = await store({ ...gate, name: 'x', columns: ['Ausweis', 'Name'] });
    expect([astray.status, astray.body.errors[0].pointer]).toEqual([400, '/mapping/fields']);
    const zone = await store({ ...gate, name: 'x', timeZone: 'Mars/Base' });
    expect([zone.status, zone.body.code, zone.body.errors[0].pointer]).toEqual([422, 'time_zone_unknown', '/timeZone']);
    const inside = await store({ ...gate, name: 'x', mapping: { ...gate.mapping, timeZone: 'Mars/Base' } });
    expect(inside.body.errors[0].pointer).toBe('/mapping/timeZone');
    const globex = await server.world.tenant();
    expect((await globex.admin.api.post(`${base}/profiles`, gate)).status).toBe(201);
    expect((await globex.approver.api.get(`${base}/profiles`)).status).toBe(403);
  });

  it('made twice with one key is one', async () => {
    const key = aKey();
    const first = await acme.admin.api.post(`${base}/profiles`, gate, { key });
    const again = await acme.admin.api.post(`${base}/profiles`, gate, { key });
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  });
});

describe('a file', () => {
  it('is read with the profile that its header is known by, named by upload and preview, and committed with it', async () => {
    const { id } = (await store()).body as { id: string };
    const named = { id, name: gate.name, builtIn: false };
    const stored = await upload(csvText);
    expect(stored.body.profile).toEqual(named);
    expect(stored.body.detected).toMatchObject({ profile: gate.name, mapping: gate.mapping, kind: 'punches' });
    const source = { fileId: stored.body.fileId as string };
    const looked = await preview(source);
    expect([looked.body.profile, looked.body.mapping.types]).toEqual([named, gate.mapping.types]);
    expect(looked.body.counts).toMatchObject({ create: 3, reject: 0 });
    expect(looked.body.items[0].punches[0].at).toBe('2026-03-02T08:00:00Z');
    const done = await commit({ ...source, commitToken: looked.body.commitToken as string });
    expect([done.status, done.body.counts.create]).toEqual([200, 3]);
  });

  it('is known with its headings spelt otherwise, or with more of them; a profile for exactly its header comes first', async () => {
    await store();
    const spelt = csvText.replace(header, 'AUSWEIS;name;gebucht-am;Wohin ');
    expect((await preview({ csvText: spelt })).body).toMatchObject({
      profile: { name: gate.name },
      mapping: { fields: { employee: 'AUSWEIS', timestamp: 'gebucht-am' } },
      counts: { create: 3, reject: 0 },
    });
    const wider = csvText.replaceAll('\r\n', ';\r\n').replace(`${header};`, `${header};Bemerkung`);
    expect((await preview({ csvText: wider })).body).toMatchObject({
      profile: { name: gate.name },
      counts: { create: 3 },
    });
    await store({ ...gate, name: 'With remarks', columns: [...gate.columns, 'Bemerkung'] });
    expect((await preview({ csvText: wider })).body.profile.name).toBe('With remarks');
    expect((await preview({ csvText })).body.profile.name).toBe(gate.name);
    const objects = [{ Ausweis: '007', Name: 'Ada', 'Gebucht am': '02.03.2026 09:00', Wohin: 'Rein' }];
    expect((await preview({ rows: objects })).body).toMatchObject({
      profile: { name: gate.name },
      counts: { create: 1 },
    });
  });

  it('is read with the profile that the body names, by id or by name, and an explicit mapping wins', async () => {
    const { id } = (await store({ ...gate, columns: undefined, name: 'Elsewhere', timeZone: 'Asia/Tokyo' })).body as {
      id: string;
    };
    await store();
    const at = async (body: object) => {
      const reply = await preview({ csvText, ...body });
      return [reply.body.profile?.name, reply.body.items?.[0]?.punches[0].at];
    };
    expect(await at({})).toEqual([gate.name, '2026-03-02T08:00:00Z']);
    expect(await at({ profile: id })).toEqual(['Elsewhere', '2026-03-02T00:00:00Z']);
    expect(await at({ profile: 'elsewhere' })).toEqual(['Elsewhere', '2026-03-02T00:00:00Z']);
    expect(await at({ profile: 'elsewhere', timeZone: 'UTC' })).toEqual(['Elsewhere', '2026-03-02T09:00:00Z']);
    const mapping = { ...gate.mapping, types: { Rein: 'out', Raus: 'in' } };
    const explicit = await preview({ csvText, mapping, timeZone: 'UTC' });
    expect([explicit.body.profile, explicit.body.items[0].punches[0].type]).toEqual([undefined, 'out']);
    const both = await preview({ csvText, mapping, profile: gate.name });
    expect(both.body.items[0].punches[0]).toMatchObject({ type: 'out', at: '2026-03-02T08:00:00Z' });

    const token = (await preview({ csvText, profile: id })).body.commitToken as string;
    expect((await commit({ csvText, commitToken: token })).body.code).toBe('import_token_stale');
    expect((await commit({ csvText, profile: 'ELSEWHERE', commitToken: token })).status).toBe(200);
  });

  it('is refused with a profile that nobody knows, or that it does not fit', async () => {
    for (const profile of ['nothing', randomUUID()]) {
      for (const reply of [await preview({ csvText, profile }), await commit({ csvText, profile, commitToken: 'x' })]) {
        const pointer = reply.body.errors[0].pointer as string;
        expect([reply.status, reply.body.code, pointer]).toEqual([422, 'import_profile_unknown', '/profile']);
      }
    }
    const clockify = await preview({ csvText, profile: 'clockify' });
    expect([clockify.status, clockify.body.errors[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '/profile', code: 'profile_misfit' }),
    ]);
    await store({ ...gate, name: 'Other', columns: undefined, mapping: { fields: { employee: 'A', timestamp: 'B' } } });
    const other = await preview({ csvText, profile: 'other' });
    expect([other.status, other.body.errors[0].code]).toEqual([422, 'unknown_column']);
  });

  it('names the built-in profile that it looks like', async () => {
    const plain = 'employeeNumber,type,timestamp\n007,in,2026-03-02T09:00:00Z\n';
    const named = { id: 'plain-punches', name: 'plain-punches', builtIn: true };
    expect((await upload(plain)).body).toMatchObject({ profile: named, detected: { profile: 'plain-punches' } });
    const looked = await preview({ csvText: plain, profile: 'plain-punches' });
    expect([looked.body.profile, looked.body.counts.create]).toEqual([named, 1]);
    expect((await preview({ csvText: plain })).body.profile).toEqual(named);
  });

  it('of another tenant knows nothing of it', async () => {
    await store();
    const globex = await server.world.tenant();
    const looked = await globex.admin.api.post(`${base}/preview`, { csvText, profile: gate.name });
    expect(looked.body.code).toBe('import_profile_unknown');
  });
});
