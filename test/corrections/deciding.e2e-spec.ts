import { aKey } from '../support/client';
import type { TestServer } from '../support/server';
import type { Person } from '../support/world';
import { berlin } from '../days/scene';
import { codeOf, Corrections, earlier, missing, pointersOf } from './scene';

let server: TestServer;
let scene: Corrections;
let employee: Person;
let approver: Person;
let admin: Person;
beforeAll(async () => {
  server = await Corrections.start();
});
beforeEach(async () => {
  scene = await Corrections.in(server);
  ({ employee, approver, admin } = scene.tenant);
});
afterAll(() => server.close());

const day = '2026-03-02';
const sentence = 'An approved correction changed the punches of this day.';
const dayOf = async () => (await scene.days.day(employee, day)).body as Record<string, unknown>;

describe('an approved correction', () => {
  it('puts a new punch in the place of the old one, which stays readable and points at it', async () => {
    const [arrived] = await scene.worked();
    const id = await scene.asked(earlier(arrived));
    const reply = await scene.decide(id, 'approved');
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ id, status: 'approved', decidedBy: approver.id, version: 2 });
    const { appliedPunchId } = reply.body as { appliedPunchId: string };
    const reason = 'I queued at the gate';
    expect(await scene.punch(arrived)).toMatchObject({
      status: 'superseded',
      supersededBy: appliedPunchId,
      occurredAt: '2026-03-02T08:20:00.000Z',
      reason,
    });
    expect(await scene.punch(appliedPunchId)).toMatchObject({
      status: 'active',
      type: 'in',
      occurredAt: '2026-03-02T07:59:00.000Z',
      source: 'admin',
      replaces: arrived,
      createdBy: approver.id,
      reason,
    });
    expect((await scene.get(id, employee)).body).toEqual(reply.body);
  });

  it('leaves evidence of the decision and of the punch', async () => {
    const [arrived] = await scene.worked();
    const id = await scene.asked(earlier(arrived));
    const reply = await scene.decide(id, 'approved');
    const { appliedPunchId } = reply.body as { appliedPunchId: string };
    const both = { employee_id: employee.id, punch_id: arrived, user_id: approver.id };
    expect(await scene.entries(reply)).toEqual([
      {
        ...both,
        entity: 'correction',
        action: 'approve',
        entity_id: id,
        changes: { before: { status: 'pending' }, after: { status: 'approved', appliedPunchId } },
      },
      {
        ...both,
        entity: 'punch',
        action: 'update',
        entity_id: arrived,
        changes: {
          before: { occurredAt: '2026-03-02T08:20:00.000Z', status: 'active' },
          after: {
            occurredAt: '2026-03-02T07:59:00.000Z',
            status: 'superseded',
            supersededBy: appliedPunchId,
            reason: 'I queued at the gate',
          },
        },
      },
    ]);
  });

  it('changes the day, says so there, and the approval of the day falls back', async () => {
    const [arrived] = await scene.worked();
    await scene.days.compute();
    expect(await dayOf()).toMatchObject({ workedMinutes: 460 });
    await server.database.sql(
      `UPDATE day_records SET approval = 'approved', approved_by = $2, approved_at = now() WHERE tenant_id = $1`,
      [scene.tenant.id, admin.id],
    );
    const id = await scene.asked(earlier(arrived));
    await scene.days.compute();
    expect(await dayOf()).toMatchObject({ workedMinutes: 460, approval: 'approved' });
    await scene.decide(id, 'approved');
    await scene.days.compute();
    const after = await dayOf();
    expect(after).toMatchObject({ workedMinutes: 481, approval: 'pending' });
    expect(after['explanation']).toContain(sentence);
  });

  it('adds the punch that was missing, and the day is complete', async () => {
    await scene.days.punch(employee, berlin, `in ${day}T09:00`);
    await scene.days.compute();
    expect(await dayOf()).toMatchObject({ workedMinutes: 0 });
    const reply = await scene.decide(await scene.asked(missing), 'approved');
    const { id, appliedPunchId } = reply.body as Record<string, string>;
    expect(await scene.punch(appliedPunchId ?? '')).toMatchObject({
      employeeId: employee.id,
      type: 'out',
      occurredAt: missing.timestamp,
      status: 'active',
      source: 'admin',
      flags: [],
      createdBy: approver.id,
      reason: 'I queued at the gate',
    });
    await scene.days.compute();
    expect(await dayOf()).toMatchObject({ workedMinutes: 510 });
    expect((await scene.entries(reply)).map((entry) => [entry['entity'], entry['action'], entry['entity_id']])).toEqual(
      [
        ['correction', 'approve', id],
        ['punch', 'create', appliedPunchId],
      ],
    );
  });

  it('takes a punch out of the count that should not be there', async () => {
    const [, left] = await scene.worked();
    await scene.days.punch(employee, berlin, `out ${day}T23:00`);
    const reply = await scene.decide(await scene.asked({ kind: 'removed_punch', punchId: left }), 'approved');
    expect(reply.body).toMatchObject({ status: 'approved', appliedPunchId: left });
    expect(await scene.punch(left)).toMatchObject({ status: 'deleted', reason: 'I queued at the gate' });
    await scene.days.compute();
    const after = await dayOf();
    expect(after).toMatchObject({ workedMinutes: 820 });
    expect(after['explanation']).toContain(sentence);
    expect((await scene.entries(reply)).at(-1)).toMatchObject({
      entity: 'punch',
      action: 'delete',
      entity_id: left,
      changes: { before: { status: 'active' }, after: { status: 'deleted', reason: 'I queued at the gate' } },
    });
  });

  it('is applied once, however often it is sent', async () => {
    const id = await scene.asked(missing);
    const key = aKey();
    const send = () => approver.api.put(`/api/corrections/${id}/decide`, { status: 'approved' }, { key });
    const [first, again] = [await send(), await send()];
    expect([first.status, again.text]).toEqual([200, first.text]);
    expect(await scene.active()).toHaveLength(1);
  });

  it('is applied once when many approve at the same time', async () => {
    const id = await scene.asked(missing);
    const people = await Promise.all(Array.from({ length: 5 }, () => scene.tenant.person({ role: 'approver' })));
    const replies = await Promise.all(people.map((person) => scene.decide(id, 'approved', person)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await scene.active()).toHaveLength(1);
  });
});

describe('an approval that cannot be applied', () => {
  const stillPending = async (id: string) => {
    expect((await scene.get(id)).body).toMatchObject({ status: 'pending', version: 1 });
  };

  it('changes nothing when the punch was corrected or deleted since', async () => {
    const [arrived, left] = await scene.worked();
    const [moved, gone] = [
      await scene.asked(earlier(arrived)),
      await scene.asked({ kind: 'removed_punch', punchId: left }),
    ];
    await admin.api.patch(`/api/punches/${arrived}`, { timestamp: '2026-03-02T08:00:00Z', reason: 'Clock was wrong' });
    await admin.api.delete(`/api/punches/${left}`, { reason: 'Somebody else' });
    const before = await scene.active();
    const refused = await scene.decide(moved, 'approved');
    expect([...codeOf(refused), refused.body.punchStatus]).toEqual([409, 'conflict', 'superseded']);
    expect(codeOf(await scene.decide(gone, 'approved'))).toEqual([409, 'conflict']);
    await stillPending(moved);
    expect(await scene.active()).toEqual(before);
    // It can still be put away.
    expect((await scene.decide(moved, 'rejected')).status).toBe(200);
  });

  it('of two requests for one punch, applies the first that is approved', async () => {
    const [arrived] = await scene.worked();
    const [one, other] = [
      await scene.asked(earlier(arrived)),
      await scene.asked({ kind: 'removed_punch', punchId: arrived }),
    ];
    expect((await scene.decide(one, 'approved')).status).toBe(200);
    expect(codeOf(await scene.decide(other, 'approved'))).toEqual([409, 'conflict']);
  });

  it('does not add a punch twice that was made up for meanwhile', async () => {
    const [one, other] = [await scene.asked(missing), await scene.asked(missing)];
    expect((await scene.decide(one, 'approved')).status).toBe(200);
    expect(codeOf(await scene.decide(other, 'approved'))).toEqual([409, 'conflict']);
    expect(await scene.active()).toHaveLength(1);
  });

  it.each(['missing_punch', 'changed_time', 'removed_punch'])(
    'changes nothing in a pay period that was closed since: %s',
    async (kind) => {
      const [punchId] = await scene.worked();
      const bodies: Record<string, Record<string, unknown>> = {
        missing_punch: missing,
        changed_time: earlier(punchId),
        removed_punch: { kind, punchId },
      };
      const id = await scene.asked(bodies[kind] ?? {});
      await scene.days.compute();
      await scene.closeMarch();
      const before = await scene.active();
      expect(codeOf(await scene.decide(id, 'approved'))).toEqual([409, 'period_closed']);
      await stillPending(id);
      expect(await scene.active()).toEqual(before);
      expect((await scene.decide(id, 'rejected')).status).toBe(200);
    },
  );

  it('adds no punch to dates on which the person is no longer employed', async () => {
    const id = await scene.asked(missing);
    await server.database.sql(`UPDATE users SET left_on = '2026-03-01' WHERE id = $1`, [employee.id]);
    const reply = await scene.decide(id, 'approved');
    expect([...codeOf(reply), pointersOf(reply)]).toEqual([422, 'outside_employment', ['/status']]);
    await stillPending(id);
  });
});
