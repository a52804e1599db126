import { randomUUID } from 'node:crypto';
import type { Person } from '../support/world';
import { date, id, onDate, outcome, planning, weekly } from './scene';

const { server, acme, planner } = planning();

const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => weekly(day, '09:00-17:00', { breakMinutes: 30 }));
const batch = (people: readonly string[], more: Record<string, unknown> = {}) => ({
  employeeIds: people,
  schedule: { name: 'Spring', startDate: date(7), endDate: date(13) },
  shifts: daily,
  publish: true,
  ...more,
});

describe('a plan for many people', () => {
  it('stands or falls for each of them alone', async () => {
    const [anna, busy, gone] = [await acme.person({}), await acme.person({}), await acme.person({})];
    await planner.published(busy, date(8), date(8), onDate(date(8), '16:00-20:00'));
    await acme.admin.api.delete(`/api/users/${gone.id}`);
    const stranger = randomUUID();
    const reply = await acme.admin.api.post(
      '/api/schedules/batch',
      batch([anna.id, busy.id, gone.id, stranger, anna.id]),
    );
    expect([reply.status, reply.body.counts]).toEqual([200, { created: 1, refused: 4 }]);
    expect(reply.body.results).toEqual([
      { index: 0, employeeId: anna.id, status: 'created', scheduleId: expect.any(String) as string },
      expect.objectContaining({ index: 1, employeeId: busy.id, status: 'refused', code: 'shifts_overlap' }),
      expect.objectContaining({ index: 2, status: 'refused', code: 'employee_inactive' }),
      expect.objectContaining({ index: 3, status: 'refused', code: 'employee_unknown' }),
      expect.objectContaining({ index: 4, employeeId: anna.id, status: 'refused', code: 'conflict' }),
    ]);
    expect(await planner.instances(anna, date(7), date(13))).toHaveLength(7);
    expect(await server.database.count('schedules', 'employee_id = ANY ($1)', [[busy.id, gone.id]])).toBe(1);
    const entries = await server.database.sql('SELECT entity_id FROM audit_logs WHERE request_id = $1', [
      reply.headers.get('x-request-id'),
    ]);
    expect(entries.map((each) => each['entity_id'])).toEqual([reply.body.results[0].scheduleId]);
    const replaced = await acme.admin.api.post('/api/schedules/batch', batch([busy.id], { replace: true }));
    expect(replaced.body.counts).toEqual({ created: 1, refused: 0 });
  });

  it('is refused as a whole for what is wrong for everybody', async () => {
    const reply = await acme.admin.api.post(
      '/api/schedules/batch',
      batch([acme.employee.id], { schedule: { name: 'Spring', startDate: date(7), endDate: date(6) } }),
    );
    expect([outcome(reply), reply.body.errors[0].pointer]).toEqual([[422, 'end_before_start'], '/schedule/endDate']);
    const shifts = [{ cycleDay: 1, startTime: '09:00', endTime: '17:00' }];
    const weeks = await acme.admin.api.post('/api/schedules/batch', batch([acme.employee.id], { shifts }));
    expect([weeks.status, weeks.body.errors[0].pointer]).toEqual([400, '/shifts/0/cycleDay']);
  });

  it('leaves an entry in the ledger though everybody was refused', async () => {
    const reply = await acme.admin.api.post('/api/schedules/batch', batch([randomUUID()]));
    expect([reply.status, reply.body.counts]).toEqual([200, { created: 0, refused: 1 }]);
    expect(await server.database.count('audit_logs', 'request_id = $1', [reply.headers.get('x-request-id')])).toBe(1);
  });
});

describe('two planners at once', () => {
  it('do not publish shifts that overlap', async () => {
    const anna: Person = await acme.person({});
    const drafts = await Promise.all(
      ['09:00-17:00', '12:00-20:00', '16:00-22:00'].map(async (hours) =>
        id(await planner.schedule(anna, date(7), { endDate: date(13), shifts: [onDate(date(8), hours)] })),
      ),
    );
    const replies = await Promise.all(drafts.map((draft) => planner.publish(draft)));
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409, 409]);
    expect(await planner.instances(anna, date(8))).toHaveLength(1);
  });
});
