-- Up Migration
-- What decides about working time besides punches: employment, zones, policies, holidays, leave, schedules and their shifts.
ALTER TABLE users ADD COLUMN hired_on date, ADD COLUMN left_on date,
  ADD CONSTRAINT users_employment_ordered CHECK (left_on >= hired_on);
GRANT INSERT (hired_on, left_on), UPDATE (hired_on, left_on) ON users TO rollcall_runtime;

-- Closing and reopening pay periods is a right of its own.
ALTER TABLE user_roles DROP CONSTRAINT user_roles_role_known,
  ADD CONSTRAINT user_roles_role_known CHECK (role IN ('employee', 'approver', 'payroll', 'admin', 'platform_admin'));

-- The zone in which a person (or, without one, the tenant) lived from an instant on. Written by triggers, so that no way of
-- changing a zone forgets the old one: a work date in the past is read by the clock that hung on the wall then.
CREATE TABLE time_zone_history (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid,
  valid_from timestamptz NOT NULL,
  time_zone text,
  CONSTRAINT time_zone_history_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT time_zone_history_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT time_zone_history_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
);
CREATE INDEX time_zone_history_of ON time_zone_history (tenant_id, employee_id, valid_from);

CREATE FUNCTION remember_time_zone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE tenant uuid; person uuid;
BEGIN
  IF TG_TABLE_NAME = 'users' THEN tenant := NEW.tenant_id; person := NEW.id; ELSE tenant := NEW.id; END IF;
  INSERT INTO time_zone_history (tenant_id, employee_id, valid_from, time_zone)
    SELECT tenant, person, '-infinity', OLD.time_zone
     WHERE NOT EXISTS (SELECT FROM time_zone_history h WHERE h.tenant_id = tenant AND h.employee_id IS NOT DISTINCT FROM person);
  INSERT INTO time_zone_history (tenant_id, employee_id, valid_from, time_zone) VALUES (tenant, person, now(), NEW.time_zone);
  RETURN NULL;
END $$;
CREATE TRIGGER users_time_zone_remembered AFTER UPDATE OF time_zone ON users FOR EACH ROW
  WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION remember_time_zone();
CREATE TRIGGER tenants_time_zone_remembered AFTER UPDATE OF time_zone ON tenants FOR EACH ROW
  WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION remember_time_zone();

-- A version of the rules, from a date on; for one org unit or for all. Never changed once its date has come: a new version
-- is a new row.
CREATE TABLE attendance_policies (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  org_unit_id uuid,
  effective_from date NOT NULL,
  settings jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  CONSTRAINT attendance_policies_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT attendance_policies_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT attendance_policies_date_unique UNIQUE NULLS NOT DISTINCT (tenant_id, org_unit_id, effective_from)
);

-- Public holidays, for all or for one org unit (a site in another country).
CREATE TABLE holidays (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  work_date date NOT NULL,
  name text NOT NULL,
  org_unit_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT holidays_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT holidays_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT holidays_date_unique UNIQUE NULLS NOT DISTINCT (tenant_id, work_date, org_unit_id)
);

-- Leave of a person on a date: all of it, or from an instant to another.
CREATE TABLE leave_entries (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  code text NOT NULL,
  starts_at timestamptz,
  ends_at timestamptz,
  note text,
  -- When the date has begun everywhere and the day has to be looked at although nobody punched; null once it was.
  due_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  CONSTRAINT leave_entries_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT leave_entries_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT leave_entries_hours_ordered CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND ends_at > starts_at)
);
CREATE INDEX leave_entries_due ON leave_entries (due_at) WHERE due_at IS NOT NULL;
CREATE FUNCTION set_leave_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.due_at := (NEW.work_date::timestamp AT TIME ZONE 'UTC') + interval '12 hours';
  RETURN NEW;
END $$;
CREATE TRIGGER leave_entries_due_set BEFORE INSERT ON leave_entries FOR EACH ROW EXECUTE FUNCTION set_leave_due();
CREATE INDEX leave_entries_of ON leave_entries (tenant_id, employee_id, work_date);

-- A plan for one person over a span of dates. Weekly, or a rotation of `cycle_days` that stands at its first day on `cycle_anchor`.
CREATE TABLE schedules (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  name text NOT NULL,
  start_date date NOT NULL,
  end_date date,
  cycle_days smallint,
  cycle_anchor date,
  status text NOT NULL DEFAULT 'draft',
  published_at timestamptz,
  -- How far the shifts of a published schedule have been given their instants.
  materialised_until date,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  CONSTRAINT schedules_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT schedules_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT schedules_dates_ordered CHECK (end_date >= start_date),
  CONSTRAINT schedules_status_known CHECK (status IN ('draft', 'published', 'superseded', 'deleted')),
  CONSTRAINT schedules_cycle_whole CHECK ((cycle_days IS NULL) = (cycle_anchor IS NULL))
);
CREATE INDEX schedules_of ON schedules (tenant_id, employee_id, start_date);
CREATE INDEX schedules_materialising ON schedules (tenant_id, materialised_until) WHERE status = 'published';

-- What a planner writes: local times on a weekday, on a day of the rotation, or on one date. The entries of a date take the place
-- of the weekly ones; one without segments makes it a day off.
CREATE TABLE shifts (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  schedule_id uuid NOT NULL,
  name text,
  day_of_week smallint,
  cycle_day smallint,
  on_date date,
  -- Each '09:00-12:00', in the order of the day.
  segments text[] NOT NULL,
  break_minutes smallint NOT NULL DEFAULT 0,
  window_before_minutes smallint NOT NULL DEFAULT 60,
  window_after_minutes smallint NOT NULL DEFAULT 120,
  late_grace_minutes smallint,
  early_grace_minutes smallint,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT shifts_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT shifts_schedule_fkey FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedules (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT shifts_day_one CHECK (num_nonnulls(day_of_week, cycle_day, on_date) = 1),
  CONSTRAINT shifts_day_of_week_known CHECK (day_of_week BETWEEN 0 AND 6)
);
CREATE INDEX shifts_of ON shifts (tenant_id, schedule_id, id);

-- A shift on a date, with its instants frozen: a later tz update or edit of the plan never moves a shift of the past.
CREATE TABLE shift_instances (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  schedule_id uuid NOT NULL,
  shift_id uuid NOT NULL,
  work_date date NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  -- Epoch seconds, start and end of each segment in turn.
  segments bigint[] NOT NULL,
  local_start text NOT NULL,
  local_end text NOT NULL,
  break_seconds integer NOT NULL,
  late_grace_seconds integer,
  early_grace_seconds integer,
  review text,
  -- When the day has to be looked at although nobody punched; null once it was.
  due_at timestamptz,
  CONSTRAINT shift_instances_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT shift_instances_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT shift_instances_schedule_fkey FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedules (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT shift_instances_once UNIQUE (tenant_id, employee_id, work_date, shift_id),
  CONSTRAINT shift_instances_review_known CHECK (review IN ('START_IN_GAP', 'END_IN_GAP'))
);
CREATE INDEX shift_instances_now ON shift_instances (tenant_id, window_end, window_start);
CREATE INDEX shift_instances_of_schedule ON shift_instances (tenant_id, schedule_id, work_date);
CREATE INDEX shift_instances_due ON shift_instances (due_at) WHERE due_at IS NOT NULL;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['time_zone_history', 'attendance_policies', 'holidays', 'leave_entries', 'schedules', 'shifts', 'shift_instances'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t || '_own', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change(''a row keeps its tenant'')', t || '_tenant_fixed', t);
    EXECUTE format('GRANT SELECT ON %I TO rollcall_runtime', t);
  END LOOP;
END $$;
-- An operator changes a tenant's zone from the platform's own tenant.
CREATE POLICY time_zone_history_platform ON time_zone_history TO rollcall_runtime
  USING (current_tenant() = '00000000-0000-0000-0000-000000000000' AND employee_id IS NULL)
  WITH CHECK (current_tenant() = '00000000-0000-0000-0000-000000000000' AND employee_id IS NULL);
GRANT INSERT (tenant_id, employee_id, valid_from, time_zone) ON time_zone_history TO rollcall_runtime;
GRANT INSERT (tenant_id, id, name, org_unit_id, effective_from, settings, created_by), UPDATE (name, settings, version, updated_at), DELETE
  ON attendance_policies TO rollcall_runtime;
GRANT INSERT (tenant_id, id, work_date, name, org_unit_id), UPDATE (name, version, updated_at), DELETE ON holidays TO rollcall_runtime;
GRANT INSERT (tenant_id, id, employee_id, work_date, code, starts_at, ends_at, note, created_by), DELETE ON leave_entries TO rollcall_runtime;
GRANT INSERT (tenant_id, id, employee_id, name, start_date, end_date, cycle_days, cycle_anchor, created_by),
  UPDATE (name, start_date, end_date, cycle_days, cycle_anchor, status, published_at, materialised_until, version, updated_at)
  ON schedules TO rollcall_runtime;
GRANT INSERT (tenant_id, id, schedule_id, name, day_of_week, cycle_day, on_date, segments, break_minutes, window_before_minutes,
    window_after_minutes, late_grace_minutes, early_grace_minutes),
  UPDATE (name, day_of_week, cycle_day, on_date, segments, break_minutes, window_before_minutes, window_after_minutes,
    late_grace_minutes, early_grace_minutes, version, updated_at), DELETE ON shifts TO rollcall_runtime;
GRANT INSERT (tenant_id, id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end, segments,
    local_start, local_end, break_seconds, late_grace_seconds, early_grace_seconds, review, due_at), DELETE
  ON shift_instances TO rollcall_runtime;

-- Down Migration
DROP TABLE shift_instances;
DROP TABLE shifts;
DROP TABLE schedules;
DROP TABLE leave_entries;
DROP FUNCTION set_leave_due();
DROP TABLE holidays;
DROP TABLE attendance_policies;
DROP TRIGGER tenants_time_zone_remembered ON tenants;
DROP TRIGGER users_time_zone_remembered ON users;
DROP FUNCTION remember_time_zone();
DROP TABLE time_zone_history;
DELETE FROM user_roles WHERE role = 'payroll';
ALTER TABLE user_roles DROP CONSTRAINT user_roles_role_known,
  ADD CONSTRAINT user_roles_role_known CHECK (role IN ('employee', 'approver', 'admin', 'platform_admin'));
ALTER TABLE users DROP COLUMN hired_on, DROP COLUMN left_on;
