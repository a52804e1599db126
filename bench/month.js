// The data of the bench of days: a month of work on record, and a morning that is under way.
const { tenantId } = require('./stage');

const FROM = '2026-03-01';
const TO = '2026-03-31';

/** Loads without recording: no triggers, so no days are marked for computing. */
async function loading(stage, work) {
  await stage.admin.query(`SET session_replication_role = replica`);
  await work();
  await stage.admin.query(`SET session_replication_role = DEFAULT`);
}

/** 22 working days of four punches each, with planned shifts for everybody. */
async function loadMonth(stage) {
  const span = [tenantId(1), `${FROM}T00:00:00Z`, `${TO}T00:00:00Z`];
  await loading(stage, async () => {
    await stage.admin.query(
      `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
       SELECT $1, gen_random_uuid(), u.id, k.type, d + k.at + (hashtext(u.id::text || d::text) % 600) * interval '1 second', now(), 0, 'import', '{}', u.id
       FROM users u CROSS JOIN generate_series($2::timestamptz, $3::timestamptz, interval '1 day') d
       CROSS JOIN (VALUES ('in', interval '8 hours'), ('break_start', interval '12 hours'), ('break_end', interval '12 hours 30 minutes'), ('out', interval '16 hours 45 minutes')) k (type, at)
       WHERE u.tenant_id = $1 AND extract(isodow FROM d) < 6`,
      span,
    );
    await stage.admin.query(
      `WITH plan AS (INSERT INTO schedules (tenant_id, employee_id, name, start_date, created_by) SELECT tenant_id, id, 'plan', $2, id FROM users WHERE tenant_id = $1 RETURNING id, employee_id)
       INSERT INTO shift_instances (tenant_id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end, segments, local_start, local_end, break_seconds)
       SELECT $1, plan.employee_id, plan.id, plan.id, d::date, d + interval '8 hours', d + interval '16 hours 30 minutes', d + interval '7 hours', d + interval '18 hours 30 minutes',
         ARRAY[extract(epoch FROM d + interval '8 hours'), extract(epoch FROM d + interval '16 hours 30 minutes')]::bigint[], d::date || 'T08:00', d::date || 'T16:30', 0
       FROM plan CROSS JOIN generate_series($2::timestamptz, $3::timestamptz, interval '1 day') d WHERE extract(isodow FROM d) < 6`,
      span,
    );
  });
  await stage.admin.query(
    `INSERT INTO attendance_policies (tenant_id, name, effective_from, settings, created_by)
     VALUES ($1, 'US', '2020-01-01', '{"overtime":{"rules":"US"},"minDailyRestMinutes":660}', $1)`,
    [tenantId(1)],
  );
  await stage.admin.query('VACUUM ANALYZE');
}

/** Half of the people are in now, and everybody has a shift that began an hour ago. */
async function loadMorning(stage) {
  await loading(stage, async () => {
    await stage.admin.query(
      `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
       SELECT tenant_id, gen_random_uuid(), id, 'in', now() - interval '2 hours', now(), 0, 'import', '{}', id FROM users WHERE tenant_id = $1 AND hashtext(id::text) % 2 = 0`,
      [tenantId(1)],
    );
    await stage.admin.query(
      `INSERT INTO shift_instances (tenant_id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end, segments, local_start, local_end, break_seconds)
       SELECT s.tenant_id, s.employee_id, s.id, s.id, now()::date, now() - interval '1 hour', now() + interval '7 hours', now() - interval '3 hours', now() + interval '9 hours', '{0,1}', '', '', 0
       FROM schedules s WHERE s.tenant_id = $1`,
      [tenantId(1)],
    );
  });
  await stage.admin.query('ANALYZE punches, shift_instances, day_records');
}

module.exports = { FROM, TO, loadMonth, loadMorning };
