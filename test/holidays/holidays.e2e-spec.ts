import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import { closePeriod, entriesOf, marked, record } from '../days/marks';

const { server, tenant } = tenantForEachTest();

const path = '/api/attendance/holidays';
const enter = (date: string, name = 'Holiday', orgUnitId?: string, { admin } = tenant) =>
  admin.api.post(path, { date, name, ...(orgUnitId === undefined ? {} : { orgUnitId }) });

describe('a holiday', () => {
  it('is entered by an administrator, and read by everybody', async () => {
    const made = await enter('2026-12-25', 'Christmas Day');
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"']);
    expect(made.body).toMatchObject({ date: '2026-12-25', name: 'Christmas Day', version: 1 });
    const read = await tenant.employee.api.get(made.headers.get('location') ?? '');
    expect([read.status, read.headers.get('etag'), read.body]).toEqual([200, '"1"', made.body]);
    const [entry, ...more] = await entriesOf(server, made);
    expect([entry, more]).toMatchObject([
      { entity: 'holiday', action: 'create', changes: { before: null, after: { date: '2026-12-25' } } },
      [],
    ]);
    for (const { api } of [tenant.employee, tenant.approver]) {
      expect((await api.post(path, { date: '2026-12-26', name: 'Mine' })).status).toBe(403);
      expect((await api.delete(`${path}/${made.body.id}`)).status).toBe(403);
    }
  });

  it('is one a date for the same people', async () => {
    const unit = randomUUID();
    await enter('2026-12-25');
    const again = await enter('2026-12-25', 'Another name');
    expect([again.status, again.body.code, again.body.errors[0].pointer]).toEqual([409, 'date_taken', '/date']);
    expect((await enter('2026-12-25', 'There', unit)).status).toBe(201);
    expect((await enter('2026-12-25', 'There', unit)).status).toBe(409);
    const other = await server.world.tenant();
    expect((await enter('2026-12-25', 'Holiday', undefined, other)).status).toBe(201);
  });

  it('has the days on record of its date computed again, for the people of its org unit', async () => {
    const unit = randomUUID();
    const member = await tenant.person({ orgUnitId: unit });
    for (const { id } of [member, tenant.employee]) {
      for (const date of ['2026-01-05', '2026-01-06', '2026-01-07']) await record(server, tenant, id, date);
    }
    const there = await enter('2026-01-06', 'There', unit);
    expect([await marked(server, member.id), await marked(server, tenant.employee.id)]).toEqual([['2026-01-06'], []]);
    const moved = await tenant.admin.api.patch(`${path}/${there.body.id}`, { date: '2026-01-07', orgUnitId: null });
    expect(moved.body).toMatchObject({ date: '2026-01-07', version: 2 });
    expect(moved.body.orgUnitId).toBeUndefined();
    expect(await marked(server, member.id)).toEqual(['2026-01-06', '2026-01-07']);
    expect(await marked(server, tenant.employee.id)).toEqual(['2026-01-07']);
    await tenant.admin.api.delete(`${path}/${there.body.id}`);
    expect(await server.database.count('dirty_days', `employee_id = $1 AND day = '2026-01-07'`, [member.id])).toBe(2);
  });

  it('is not overwritten where somebody else changed it meanwhile', async () => {
    const { body } = await enter('2026-12-25');
    const patch = (version: string) =>
      tenant.admin.api.patch(`${path}/${body.id}`, { name: 'Christmas' }, { headers: { 'if-match': version } });
    const changed = await patch('"1"');
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await entriesOf(server, changed))[0]?.changes).toEqual({
      before: { name: 'Holiday' },
      after: { name: 'Christmas' },
    });
    expect((await patch('"1"')).status).toBe(412);
    const gone = await tenant.admin.api.delete(`${path}/${body.id}`, undefined, { headers: { 'if-match': '"1"' } });
    expect([gone.status, gone.body.code]).toEqual([412, 'precondition_failed']);
    await enter('2026-12-26');
    const onto = await tenant.admin.api.patch(`${path}/${body.id}`, { date: '2026-12-26' });
    expect([onto.status, onto.body.code]).toEqual([409, 'date_taken']);
  });

  it('stays out of a closed period, whichever way it would come in or go', async () => {
    const inside = await enter('2026-02-10');
    const outside = await enter('2026-03-10');
    await closePeriod(server, tenant, '2026-02-01', '2026-02-28');
    for (const reply of [
      await enter('2026-02-11'),
      await tenant.admin.api.patch(`${path}/${inside.body.id}`, { name: 'Renamed' }),
      await tenant.admin.api.patch(`${path}/${inside.body.id}`, { date: '2026-03-11' }),
      await tenant.admin.api.patch(`${path}/${outside.body.id}`, { date: '2026-02-12' }),
      await tenant.admin.api.delete(`${path}/${inside.body.id}`),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([409, 'period_closed']);
    }
    const { body } = await tenant.admin.api.get(path);
    expect(body.data.map(({ date }: { date: string }) => date)).toEqual(['2026-02-10', '2026-03-10']);
  });

  it('is entered once, however often the same request comes', async () => {
    const key = aKey();
    const post = () => tenant.admin.api.post(path, { date: '2026-05-01', name: 'May Day' }, { key });
    const [first, again] = [await post(), await post()];
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([201, first.text, 'true']);
  });

  it.each([
    ['/date', { date: '2026-02-30', name: 'X' }],
    ['/date', { date: '0999-01-01', name: 'X' }],
    ['/name', { date: '2026-01-01', name: '  ' }],
    ['/orgUnitId', { date: '2026-01-01', name: 'X', orgUnitId: 'madrid' }],
    ['/half', { date: '2026-01-01', name: 'X', half: true }],
  ])('points at %s of %j', async (pointer, body) => {
    const reply = await tenant.admin.api.post(path, body);
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, pointer]);
  });
});

describe('many holidays at once', () => {
  it('have a result each: what is refused says why, and the others stand', async () => {
    const unit = randomUUID();
    await enter('2026-01-01');
    await closePeriod(server, tenant, '2026-02-01', '2026-02-28');
    const reply = await tenant.admin.api.post(`${path}/batch`, {
      holidays: [
        { date: '2026-01-01', name: 'Taken' },
        { date: '2026-01-06', name: 'Epiphany' },
        { date: '2026-01-06', name: 'Epiphany there', orgUnitId: unit },
        { date: '2026-01-06', name: 'Epiphany again' },
        { date: '2026-02-10', name: 'Closed' },
      ],
    });
    expect([reply.status, reply.body.counts]).toEqual([200, { created: 2, refused: 3 }]);
    expect(reply.body.results.map(({ status, code }: Record<string, string>) => [status, code])).toEqual([
      ['refused', 'date_taken'],
      ['created', undefined],
      ['created', undefined],
      ['refused', 'date_taken'],
      ['refused', 'period_closed'],
    ]);
    const entries = await entriesOf(server, reply);
    expect(entries.map((entry) => entry['entity_id']).sort()).toEqual(
      [reply.body.results[1].id, reply.body.results[2].id].sort(),
    );
    const read = await tenant.admin.api.get(`${path}/${reply.body.results[1].id}`);
    expect(read.body.name).toBe('Epiphany');
  });

  it('leave evidence also where none was entered', async () => {
    await enter('2026-01-01');
    const reply = await tenant.admin.api.post(`${path}/batch`, { holidays: [{ date: '2026-01-01', name: 'Again' }] });
    expect([reply.status, reply.body.counts]).toEqual([200, { created: 0, refused: 1 }]);
    expect(await entriesOf(server, reply)).toMatchObject([{ entity: 'holiday', action: 'create' }]);
  });

  it('are 400 at most', async () => {
    const holidays = Array.from({ length: 401 }, (_, n) => ({
      date: new Date(Date.UTC(2030, 0, 1 + n)).toISOString().slice(0, 10),
      name: `Day ${n}`,
    }));
    expect((await tenant.admin.api.post(`${path}/batch`, { holidays })).status).toBe(400);
    const most = await tenant.admin.api.post(`${path}/batch`, { holidays: holidays.slice(1) });
    expect(most.body.counts).toEqual({ created: 400, refused: 0 });
  });
});

describe('the list of holidays', () => {
  it('pages by date, within a span, and shows an org unit what applies there', async () => {
    const [unit, other] = [randomUUID(), randomUUID()];
    await enter('2026-12-25');
    await enter('2026-01-06', 'There', unit);
    await enter('2026-06-06', 'Elsewhere', other);
    await enter('2027-01-01');
    const dates = async (query: Record<string, string>) => {
      const { body } = await tenant.employee.api.get(path, { query });
      return body.data.map(({ date }: { date: string }) => date) as string[];
    };
    expect(await dates({ from: '2026-01-06', to: '2026-12-25' })).toEqual(['2026-01-06', '2026-06-06', '2026-12-25']);
    expect(await dates({ orgUnitId: unit })).toEqual(['2026-01-06', '2026-12-25', '2027-01-01']);
    const pages: string[] = [];
    for (let cursor: string | undefined, n = 0; n < 5; n++) {
      const { body } = await tenant.employee.api.get(path, { query: { limit: 1, ...(cursor ? { cursor } : {}) } });
      pages.push(...body.data.map(({ date }: { date: string }) => date));
      cursor = body.nextCursor as string | undefined;
      if (cursor === undefined) break;
    }
    expect(pages).toEqual(['2026-01-06', '2026-06-06', '2026-12-25', '2027-01-01']);
    const stranger = await server.world.tenant();
    expect((await stranger.admin.api.get(path)).body).toEqual({ data: [] });
  });
});
