import { randomUUID } from 'node:crypto';
import { aKey } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import { dayFrom, entriesOf, isoDay, record } from '../days/marks';

const { server, tenant } = tenantForEachTest();

const path = '/api/attendance/policies';
const aPolicy = (fields: Record<string, unknown> = {}, { admin } = tenant) =>
  admin.api.post(path, {
    name: 'Next year',
    effectiveFrom: dayFrom(30),
    settings: { lateGraceMinutes: 7 },
    ...fields,
  });

describe('creating a version of the rules', () => {
  it('answers 201 with the settings as they were sent, and every other one by its default', async () => {
    const settings = { overtime: { rules: 'US-CA' }, lateGraceMinutes: 7 };
    const made = await aPolicy({ settings });
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"']);
    expect(made.body).toMatchObject({
      settings,
      inUse: false,
      markedDays: 0,
      lockedDays: 0,
      createdBy: tenant.admin.id,
    });
    expect(made.body.effective).toMatchObject({
      lateGraceMinutes: 7,
      earlyGraceMinutes: 5,
      overtime: {
        rules: 'US-CA',
        daily: [
          { afterMinutes: 480, rate: 1.5 },
          { afterMinutes: 720, rate: 2 },
        ],
      },
    });
    const read = await tenant.employee.api.get(made.headers.get('location') ?? '');
    const { markedDays, lockedDays, ...policy } = made.body;
    expect([read.status, read.headers.get('etag'), read.body]).toEqual([200, '"1"', policy]);
    expect([markedDays, lockedDays]).toEqual([0, 0]);
    const [entry, ...more] = await entriesOf(server, made);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ entity: 'policy', action: 'create', entity_id: made.body.id });
    expect(entry?.changes.after).toMatchObject({ name: 'Next year', settings });
  });

  it('has the open days on record from its date on computed again, and counts the locked ones', async () => {
    const unit = randomUUID();
    const member = await tenant.person({ orgUnitId: unit });
    for (const day of [-40, -20, -10]) {
      await record(server, tenant, tenant.employee.id, dayFrom(day));
      await record(server, tenant, member.id, dayFrom(day));
    }
    await server.database.sql(
      `INSERT INTO pay_periods (tenant_id, name, start_date, end_date, status, created_by) VALUES ($1, 'Closed', $2, $3, 'closed', $4)`,
      [tenant.id, dayFrom(-25), dayFrom(-15), tenant.admin.id],
    );
    const made = await aPolicy({ effectiveFrom: dayFrom(-30) });
    expect(made.body).toMatchObject({ inUse: true, markedDays: 2, lockedDays: 2 });
    const own = await aPolicy({ effectiveFrom: dayFrom(-50), orgUnitId: unit });
    expect(own.body).toMatchObject({ inUse: true, markedDays: 2, lockedDays: 1, orgUnitId: unit });
  });

  it.each<[string, number, string, string, Record<string, unknown>]>([
    ['an unknown setting', 400, 'validation_failed', '/settings/lateGrace', { settings: { lateGrace: 5 } }],
    [
      'a setting of another type',
      400,
      'validation_failed',
      '/settings/overtime/daily/0/rate',
      { settings: { overtime: { daily: [{ afterMinutes: 1, rate: 0.5 }] } } },
    ],
    [
      'a setting that means nothing',
      422,
      'policy_invalid',
      '/settings/postShiftTailMinutes',
      { settings: { postShiftTailMinutes: 400 } },
    ],
    ...[0, 60.5, 527_040].map((unitMinutes): [string, number, string, string, Record<string, unknown>] => [
      `a unit of rounding of ${unitMinutes} minutes`,
      422,
      'policy_invalid',
      '/settings/roundIn/unitMinutes',
      { settings: { roundIn: { mode: 'nearest', unitMinutes } } },
    ]),
    ['a date that is none', 400, 'validation_failed', '/effectiveFrom', { effectiveFrom: '2026-02-30' }],
    ['settings that are none', 400, 'validation_failed', '/settings', { settings: null }],
  ])('refuses %s with %i %s at %s', async (_what, status, code, pointer, fields) => {
    const reply = await aPolicy(fields);
    expect([reply.status, reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual([status, code, pointer]);
  });

  it('is refused where a version begins on the same date for the same people', async () => {
    const effectiveFrom = dayFrom(60);
    await aPolicy({ effectiveFrom });
    const again = await aPolicy({ effectiveFrom });
    expect([again.status, again.body.code, again.body.errors[0].pointer]).toEqual([
      409,
      'date_taken',
      '/effectiveFrom',
    ]);
    expect((await aPolicy({ effectiveFrom, orgUnitId: randomUUID() })).status).toBe(201);
    const other = await server.world.tenant();
    expect((await aPolicy({ effectiveFrom }, other)).status).toBe(201);
  });

  it('is done once, however often it is sent with the same key', async () => {
    const body = { name: 'Once', effectiveFrom: dayFrom(90), settings: {} };
    const key = aKey();
    const [first, again] = [
      await tenant.admin.api.post(path, body, { key }),
      await tenant.admin.api.post(path, body, { key }),
    ];
    expect([first.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([201, first.text, 'true']);
  });

  it('is for administrators alone', async () => {
    for (const { api } of [tenant.employee, tenant.approver]) {
      expect((await api.post(path, { name: 'Mine', effectiveFrom: dayFrom(1), settings: {} })).status).toBe(403);
    }
  });
});

describe('a version that is not in use yet', () => {
  it('changes, with an entry that holds what changed, and not over a newer version', async () => {
    const { body } = await aPolicy();
    const settings = { lateGraceMinutes: 10 };
    const changed = await tenant.admin.api.patch(
      `${path}/${body.id}`,
      { settings },
      { headers: { 'if-match': '"1"' } },
    );
    expect([changed.status, changed.headers.get('etag'), changed.body.settings]).toEqual([200, '"2"', settings]);
    const [entry] = await entriesOf(server, changed);
    expect(entry?.changes).toEqual({ before: { settings: { lateGraceMinutes: 7 } }, after: { settings } });
    const stale = await tenant.admin.api.patch(`${path}/${body.id}`, { name: 'X' }, { headers: { 'if-match': '"1"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
  });

  it('can be deleted', async () => {
    const { body } = await aPolicy();
    const gone = await tenant.admin.api.delete(`${path}/${body.id}`);
    expect([gone.status, gone.body.id]).toEqual([200, body.id]);
    expect((await tenant.admin.api.get(`${path}/${body.id}`)).status).toBe(404);
    expect((await entriesOf(server, gone))[0]).toMatchObject({ action: 'delete', changes: { after: null } });
  });
});

describe('a version in use', () => {
  it('keeps its settings and stays; only its name can change', async () => {
    const { body } = await aPolicy({ effectiveFrom: isoDay(new Date()) });
    expect(body.inUse).toBe(true);
    const changed = await tenant.admin.api.patch(`${path}/${body.id}`, { settings: {} });
    expect([changed.status, changed.body.code]).toEqual([409, 'policy_in_use']);
    const deleted = await tenant.admin.api.delete(`${path}/${body.id}`);
    expect([deleted.status, deleted.body.code]).toEqual([409, 'policy_in_use']);
    const renamed = await tenant.admin.api.patch(`${path}/${body.id}`, { name: 'The rules of today' });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'The rules of today']);
  });

  it('is in use from the first moment of its date on the clock of the tenant', async () => {
    await server.database.sql(`UPDATE tenants SET time_zone = 'Pacific/Kiritimati' WHERE id = $1`, [tenant.id]);
    const there = isoDay(new Date(Date.now() + 14 * 3_600_000));
    expect((await aPolicy({ effectiveFrom: there })).body.inUse).toBe(true);
    await server.database.sql(`UPDATE tenants SET time_zone = 'Pacific/Pago_Pago' WHERE id = $1`, [tenant.id]);
    const tomorrow = isoDay(new Date(Date.now() - 11 * 3_600_000 + 86_400_000));
    const read = await tenant.admin.api.get(path);
    expect(
      read.body.data.find((each: { effectiveFrom: string }) => each.effectiveFrom === tomorrow)?.inUse ?? false,
    ).toBe(false);
  });
});

describe('reading versions', () => {
  it('pages by date, and shows an org unit what applies there', async () => {
    const [unit, other] = [randomUUID(), randomUUID()];
    const dates = [dayFrom(10), dayFrom(20), dayFrom(30)];
    await aPolicy({ effectiveFrom: dates[2] });
    await aPolicy({ effectiveFrom: dates[0], orgUnitId: unit });
    await aPolicy({ effectiveFrom: dates[1], orgUnitId: other });
    const first = await tenant.employee.api.get(path, { query: { limit: 2 } });
    const second = await tenant.employee.api.get(path, { query: { limit: 2, cursor: first.body.nextCursor } });
    const found = [...first.body.data, ...second.body.data].map(
      (each: { effectiveFrom: string }) => each.effectiveFrom,
    );
    expect([found, second.body.nextCursor]).toEqual([dates, undefined]);
    const there = await tenant.employee.api.get(path, { query: { orgUnitId: unit } });
    expect(there.body.data.map((each: { effectiveFrom: string }) => each.effectiveFrom)).toEqual([dates[0], dates[2]]);
  });

  it('shows the rule sets that ship, each with its source', async () => {
    const { status, body } = await tenant.employee.api.get(`${path}/rule-sets`);
    expect([status, body.data.map((set: { id: string }) => set.id)]).toEqual([200, ['US', 'US-CA']]);
    for (const set of body.data) expect(set.source).toMatch(/^https:/);
    expect(body.data[1]).toMatchObject({ weekly: [{ afterMinutes: 2400, rate: 1.5 }], seventhDay: { days: 7 } });
  });

  it('shows no version of another tenant', async () => {
    await aPolicy();
    const other = await server.world.tenant();
    expect((await other.admin.api.get(path)).body).toEqual({ data: [] });
  });
});
