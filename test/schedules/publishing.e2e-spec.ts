import { ScheduleHorizon } from '../../src/attendance/schedules/horizon.service';
import { date, id, next, onDate, outcome, Planner, planning, weekly } from './scene';

const { server, planner, someone, times } = planning();
const stored = (schedule: string, where = 'true') =>
  server.database.count('shift_instances', `schedule_id = $1 AND ${where}`, [schedule]);

describe('the shifts of a published schedule', () => {
  it('have their instants for 120 days, and a day to be looked at though nobody punched', async () => {
    const anna = await someone();
    const made = id(await planner.schedule(anna, date(0)));
    for (const day of [0, 1, 2, 3, 4, 5, 6])
      await planner.shift(made, weekly(day, '23:58-23:59', { windowBeforeMinutes: 0 }));
    const published = await planner.publish(made);
    expect(published.body).toMatchObject({ status: 'published', materialisedUntil: date(120), skippedClosedDays: [] });
    expect(await stored(made)).toBe(121);
    expect(await stored(made, 'due_at = starts_at')).toBe(121);
    const again = await planner.api.request('POST', `/api/schedules/${made}/publish`);
    expect([again.status, again.body.version, await stored(made)]).toEqual([200, published.body.version, 121]);
  });

  it('run over midnight, are split, and turn in a rotation', async () => {
    const [night, split, turning] = [await someone(), await someone(), await someone()];
    await planner.livesIn(night, 'Europe/Berlin');
    await planner.published(night, '2027-01-04', '2027-01-10', weekly(1, '22:00-06:00'));
    expect(await times(night, '2027-01-04', '2027-01-10')).toEqual([
      ['2027-01-04T21:00:00.000Z', '2027-01-05T05:00:00.000Z'],
    ]);
    await planner.published(split, '2027-01-04', '2027-01-10', {
      dayOfWeek: 1,
      segments: ['09:00-12:00', '13:00-17:00'],
    });
    expect(await planner.instances(split, '2027-01-04')).toMatchObject([
      {
        localStart: '2027-01-04T09:00',
        localEnd: '2027-01-04T17:00',
        segments: [
          { startsAt: '2027-01-04T09:00:00.000Z', endsAt: '2027-01-04T12:00:00.000Z' },
          { startsAt: '2027-01-04T13:00:00.000Z', endsAt: '2027-01-04T17:00:00.000Z' },
        ],
      },
    ]);
    const hours = { startTime: '06:00', endTime: '14:00' };
    const reply = await planner.schedule(turning, '2027-01-01', {
      endDate: '2027-01-10',
      rotation: { cycleDays: 4, anchor: '2027-01-03' },
      shifts: [1, 2].map((cycleDay) => ({ cycleDay, ...hours })),
      publish: true,
    });
    expect(reply.status).toBe(201);
    expect((await planner.instances(turning, '2027-01-01', '2027-01-10')).map((each) => each.date)).toEqual([
      '2027-01-03',
      '2027-01-04',
      '2027-01-07',
      '2027-01-08',
    ]);
  });

  it('give way to what is planned for one date, a day off included', async () => {
    const anna = await someone();
    const [monday, tuesday] = [next(1, 7), next(2, 7)];
    const last = monday > tuesday ? monday : tuesday;
    await planner.published(
      anna,
      date(7),
      date(13),
      weekly(1, '09:00-17:00'),
      weekly(2, '09:00-17:00'),
      onDate(monday, '12:00-14:00'),
      {
        date: tuesday,
        dayOff: true,
      },
    );
    expect((await planner.instances(anna, date(7), last)).map((each) => each.localStart)).toEqual([`${monday}T12:00`]);
  });

  it('follow a change at once, as far as they have not begun', async () => {
    const anna = await someone();
    const monday = next(1, 3);
    const made = id(await planner.published(anna, date(-20), undefined, weekly(1, '09:00-17:00')));
    const [shift] = (await planner.api.get(`/api/schedules/${made}/shifts`)).body.data;
    const past = await planner.instances(anna, date(-20), date(-1));
    expect(past.length).toBeGreaterThan(1);
    await planner.api.patch(`/api/schedules/${made}/shifts/${shift.id}`, { startTime: '10:00' });
    expect((await planner.instances(anna, monday))[0]?.localStart).toBe(`${monday}T10:00`);
    expect(await planner.instances(anna, date(-20), date(-1))).toEqual(past);
    const ended = await planner.api.patch(`/api/schedules/${made}`, { endDate: monday });
    expect([ended.status, await stored(made, `work_date > '${monday}'`)]).toEqual([200, 0]);
    await planner.api.delete(`/api/schedules/${made}/shifts/${shift.id}`);
    expect(await planner.instances(anna, monday)).toEqual([]);
    await planner.api.delete(`/api/schedules/${made}`);
    expect(await planner.instances(anna, date(-20), date(-1))).toEqual(past);
  });

  it('keep a shift of today that has begun', async () => {
    const anna = await someone();
    const made = id(
      await planner.published(anna, date(0), undefined, onDate(date(0), '00:00-24:00', { windowBeforeMinutes: 720 })),
    );
    const before = await planner.instances(anna, date(0));
    expect(before).toHaveLength(1);
    const changed = await planner.api.patch(`/api/schedules/${made}/shifts/${before[0]?.shiftId ?? ''}`, {
      endTime: '12:00',
    });
    expect([changed.status, await planner.instances(anna, date(0))]).toEqual([200, before]);
    expect((await planner.api.delete(`/api/schedules/${made}`)).status).toBe(200);
    expect(await planner.instances(anna, date(0))).toEqual(before);
  });

  it('are planned back in time, but not into a closed pay period', async () => {
    const globex = await server.world.tenant();
    const plans = new Planner(globex.admin.api, server);
    await server.database.sql(
      `INSERT INTO pay_periods (tenant_id, name, start_date, end_date, status, created_by) VALUES ($1, 'Closed', $2, $3, 'closed', $4)`,
      [globex.id, date(-20), date(-11), globex.admin.id],
    );
    const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => weekly(day, '09:00-17:00'));
    const made = await plans.published(globex.employee, date(-12), date(3), ...daily);
    expect([made.status, made.body.skippedClosedDays]).toEqual([201, [date(-12), date(-11)]]);
    const dates = (await plans.instances(globex.employee, date(-20), date(-1))).map((each) => each.date);
    expect(dates).toEqual([-10, -9, -8, -7, -6, -5, -4, -3, -2, -1].map((days) => date(days)));
    expect((await plans.publish(id(made))).body.skippedClosedDays).toEqual([]);
  });
});

describe('replacing', () => {
  it('ends what was before, supersedes what is covered, leaves alone what never meets', async () => {
    const anna = await someone();
    const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => weekly(day, '09:00-17:00'));
    const before = id(await planner.published(anna, date(-10), date(20), ...daily));
    const covered = id(await planner.published(anna, date(21), date(25), ...daily));
    const across = id(await planner.published(anna, date(26), date(50), ...daily));
    const later = id(await planner.published(anna, date(60), date(70), ...daily));
    const past = await planner.instances(anna, date(-10), date(-1));
    const made = id(await planner.schedule(anna, date(10), { endDate: date(30), shifts: daily }));
    expect(outcome(await planner.publish(made))).toEqual([409, 'shifts_overlap']);
    const replaced = await planner.publish(made, { replace: true });
    expect(replaced.status).toBe(200);
    const read = async (schedule: string) => (await planner.api.get(`/api/schedules/${schedule}`)).body;
    expect(await read(before)).toMatchObject({ status: 'published', endDate: date(9) });
    expect(await read(covered)).toMatchObject({ status: 'superseded' });
    expect(await read(across)).toMatchObject({ status: 'published', startDate: date(31) });
    expect(await read(later)).toMatchObject({ status: 'published', startDate: date(60), version: 1 });
    const owners = (await planner.instances(anna, date(1), date(62))).map((each) => [each.date, each.scheduleId]);
    const owned = (from: number, to: number, owner: string) =>
      Array.from({ length: to - from + 1 }, (_, days) => [date(from + days), owner]);
    expect(owners).toEqual([
      ...owned(1, 9, before),
      ...owned(10, 30, made),
      ...owned(31, 50, across),
      ...owned(60, 62, later),
    ]);
    expect(await planner.instances(anna, date(-10), date(-1))).toEqual(past);
    const entries = await server.database.sql(
      'SELECT entity_id, action FROM audit_logs WHERE request_id = $1 ORDER BY id',
      [replaced.headers.get('x-request-id')],
    );
    expect(entries.map((each) => each['action']).sort()).toEqual(['publish', 'update', 'update', 'update']);
    expect((await planner.publish(covered)).status).toBe(409);
  });

  it('does not take the place of what has been: the new schedule begins later', async () => {
    const anna = await someone();
    const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => weekly(day, '09:00-17:00'));
    await planner.published(anna, date(-10), undefined, ...daily);
    const made = id(await planner.schedule(anna, date(-3), { shifts: daily }));
    const refused = await planner.publish(made, { replace: true });
    expect(outcome(refused)).toEqual([409, 'shifts_overlap']);
    expect(refused.body.errors[0].remedy).toBe('what has begun stays as it is: begin the schedule later');
  });
});

describe('the horizon', () => {
  it('moves on for open-ended schedules of people who are there', async () => {
    const globex = await server.world.tenant();
    const plans = new Planner(globex.admin.api, server);
    const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => weekly(day, '09:00-17:00'));
    const open = id(await plans.published(globex.employee, date(0), undefined, ...daily));
    const ending = id(await plans.published(await globex.person({}), date(0), date(5), ...daily));
    const gone = await globex.person({});
    await plans.published(gone, date(0), undefined, ...daily);
    await globex.admin.api.delete(`/api/users/${gone.id}`);
    await server.database.sql(`DELETE FROM shift_instances WHERE tenant_id = $1 AND work_date > $2`, [
      globex.id,
      date(115),
    ]);
    await server.database.sql(
      `UPDATE schedules SET materialised_until = $2 WHERE tenant_id = $1 AND end_date IS NULL`,
      [globex.id, date(115)],
    );
    const horizon = server.app.get(ScheduleHorizon, { strict: false });
    expect(await horizon.extendHorizon(globex.id)).toBe(5);
    expect(await horizon.extendHorizon(globex.id)).toBe(0);
    expect(await stored(open, `work_date = '${date(120)}'`)).toBe(1);
    expect(await stored(ending)).toBe(6);
    const [row] = await server.database.sql('SELECT materialised_until::text AS until FROM schedules WHERE id = $1', [
      open,
    ]);
    expect(row?.['until']).toBe(date(120));
  });

  it('stores a shift whose bound the clock jumps over for review', async () => {
    const globex = await server.world.tenant();
    const plans = new Planner(globex.admin.api, server);
    const { employee } = globex;
    const daily = [0, 1, 2, 3, 4, 5, 6].map((day) => weekly(day, '00:30-01:30'));
    const open = id(await plans.published(employee, date(0), undefined, ...daily));
    await server.database.sql('DELETE FROM shift_instances WHERE schedule_id = $1 AND work_date > $2', [open, date(1)]);
    await server.database.sql('UPDATE schedules SET materialised_until = $2 WHERE id = $1', [open, date(1)]);
    // Who moves from UTC to Tokyo loses nine hours: a gap that lies within the horizon in whatever season this runs.
    await server.database.sql(
      `INSERT INTO time_zone_history (tenant_id, employee_id, valid_from, time_zone)
       VALUES ($1, $2, '-infinity', 'UTC'), ($1, $2, $3::date::timestamp AT TIME ZONE 'UTC', 'Asia/Tokyo')`,
      [globex.id, employee.id, date(50)],
    );
    expect(await server.app.get(ScheduleHorizon, { strict: false }).extendHorizon(globex.id)).toBe(119);
    const reviewed = (await plans.instances(employee, date(40), date(60))).filter((each) => each.review);
    expect(reviewed.map((each) => [each.date, each.review])).toEqual([[date(50), 'START_IN_GAP']]);
  });
});
