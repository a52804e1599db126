import type { Person } from '../support/world';
import { date, id, onDate, outcome, Planner, planning, weekly } from './scene';

const { server, planner, someone, times } = planning();

describe('a plan that does not fit', () => {
  it('may touch another shift, and may not overlap it', async () => {
    const anna = await someone();
    const day = date(9);
    const made = id(await planner.published(anna, date(7), date(13), onDate(day, '09:00-13:00')));
    expect((await planner.shift(made, onDate(day, '13:00-17:00'))).status).toBe(201);
    const reply = await planner.shift(made, onDate(day, '16:59-20:00'));
    expect(outcome(reply)).toEqual([409, 'shifts_overlap']);
    expect(reply.body.errors).toEqual([
      expect.objectContaining({
        pointer: '/startTime',
        code: 'shifts_overlap',
        date: day,
        remedy: expect.any(String) as string,
      }),
    ]);
    expect(reply.body.errors[0].shiftId).not.toBe(reply.body.errors[0].otherShiftId);
    expect(await planner.instances(anna, day)).toHaveLength(2);
    expect((await planner.api.get(`/api/schedules/${made}/shifts`)).body.data).toHaveLength(2);
  });

  it('is measured against the other schedules of the person, over midnight too', async () => {
    const anna = await someone();
    await planner.published(anna, date(7), date(7), onDate(date(7), '22:00-06:00'));
    const second = await planner.published(anna, date(8), date(8), onDate(date(8), '05:00-13:00'));
    expect(outcome(second)).toEqual([409, 'shifts_overlap']);
    expect(second.body.errors[0]).toMatchObject({ date: date(7), otherDate: date(8) });
    expect(await server.database.count('schedules', 'employee_id = $1', [anna.id])).toBe(1);
    const others = await planner.published(await someone(), date(8), date(8), onDate(date(8), '05:00-13:00'));
    expect(others.status).toBe(201);
  });

  it('leaves eleven hours of rest, or what the policy in force asks for', async () => {
    const globex = await server.world.tenant();
    const plans = new Planner(globex.admin.api, server);
    const late = (person: Person) => plans.published(person, date(7), date(7), onDate(date(7), '14:00-22:00'));
    const early = (person: Person) => plans.published(person, date(8), date(8), onDate(date(8), '08:00-16:00'));
    const policy = (settings: string) =>
      server.database.sql(
        `INSERT INTO attendance_policies (tenant_id, name, effective_from, settings, created_by) VALUES ($1, 'Rest', '2020-01-01', $2, $3)
         ON CONFLICT ON CONSTRAINT attendance_policies_date_unique DO UPDATE SET settings = excluded.settings`,
        [globex.id, settings, globex.admin.id],
      );
    const both = async () => {
      const person = await globex.person({});
      expect((await late(person)).status).toBe(201);
      return early(person);
    };
    const short = await both();
    expect([outcome(short), short.body.errors[0].detail]).toEqual([
      [409, 'rest_too_short'],
      expect.stringContaining('600 minutes of rest'),
    ]);
    await policy('{"minDailyRestMinutes": 600}');
    expect((await both()).status).toBe(201);
    await policy('{"minDailyRestMinutes": 601}');
    expect(outcome(await both())).toEqual([409, 'rest_too_short']);
    await policy('{"minDailyRestMinutes": 0}');
    expect((await both()).status).toBe(201);
    await policy('{"lateGraceMinutes": 3}');
    expect(outcome(await both())).toEqual([409, 'rest_too_short']);
  });

  it('is told all its faults at once', async () => {
    const anna = await someone();
    await planner.livesIn(anna, 'Europe/Berlin');
    const reply = await planner.published(
      anna,
      '2026-03-28',
      '2026-03-30',
      onDate('2026-03-28', '14:00-22:00'),
      onDate('2026-03-29', '02:30-08:00'),
      onDate('2026-03-29', '07:00-12:00'),
    );
    expect(outcome(reply)).toEqual([409, 'shifts_overlap']);
    expect(reply.body.errors.map(({ code, date: on }: { code: string; date: string }) => [code, on])).toEqual([
      ['shifts_overlap', '2026-03-29'],
      ['local_time_nonexistent', '2026-03-29'],
      ['rest_too_short', '2026-03-28'],
      ['rest_too_short', '2026-03-28'],
    ]);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29'],
    ['America/New_York', '2027-03-14'],
  ])('asks for a shift of its own where the clock of %s jumps over 02:30 on %s', async (zone, sunday) => {
    const anna = await someone();
    await planner.livesIn(anna, zone);
    const start = date(-6, Date.parse(sunday));
    const made = id(await planner.schedule(anna, start, { endDate: date(1, Date.parse(sunday)) }));
    await planner.shift(made, weekly(0, '02:30-10:00'));
    const refused = await planner.publish(made);
    expect(outcome(refused)).toEqual([422, 'local_time_nonexistent']);
    expect(refused.body.errors).toEqual([
      expect.objectContaining({ code: 'local_time_nonexistent', date: sunday, remedy: 'add a shift for this date' }),
    ]);
    await planner.shift(made, onDate(sunday, '03:00-10:00'));
    expect((await planner.publish(made)).status).toBe(200);
    const [shift] = await planner.instances(anna, sunday);
    expect([shift?.localStart, shift?.review]).toEqual([`${sunday}T03:00`, undefined]);
  });

  it('takes the whole of a repeated hour: the earlier start, the later end', async () => {
    const anna = await someone();
    await planner.livesIn(anna, 'Europe/Berlin');
    await planner.published(anna, '2026-10-25', '2026-10-25', onDate('2026-10-25', '02:00-02:59'));
    expect(await times(anna, '2026-10-25')).toEqual([['2026-10-25T00:00:00.000Z', '2026-10-25T01:59:00.000Z']]);
  });

  it('asks again when a date comes to lie in a gap by a change', async () => {
    const anna = await someone();
    await planner.livesIn(anna, 'America/New_York');
    const sunday = '2027-03-14';
    const made = id(
      await planner.published(
        anna,
        '2027-03-08',
        '2027-03-20',
        onDate(sunday, '08:00-12:00'),
        weekly(0, '02:30-10:00'),
      ),
    );
    const override = (await planner.api.get(`/api/schedules/${made}/shifts`)).body.data[0].id as string;
    const removed = await planner.api.delete(`/api/schedules/${made}/shifts/${override}`);
    expect(outcome(removed)).toEqual([422, 'local_time_nonexistent']);
    expect(await planner.instances(anna, sunday)).toHaveLength(1);
  });
});
