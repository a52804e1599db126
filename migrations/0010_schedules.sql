-- Up Migration
-- Schedules, the shifts that a planner writes, and the shifts of each date with their instants.

-- A plan for one person over a span of dates: weekly, or a rotation of `cycle_days` that is at its first day on `cycle_anchor`.
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
SELECT protect_tenant_table('schedules', $$
  INSERT (tenant_id, id, employee_id, name, start_date, end_date, cycle_days, cycle_anchor, created_by),
  UPDATE (name, start_date, end_date, cycle_days, cycle_anchor, status, published_at, materialised_until, version, updated_at)$$);
CREATE POLICY schedules_clock ON schedules FOR SELECT TO rollcall_directory USING (status = 'published');
GRANT SELECT (tenant_id, employee_id, status, materialised_until, end_date) ON schedules TO rollcall_directory;

-- What a planner writes: local times on a weekday, on a day of the rotation, or on one date. The entries of a date take the place of the
-- weekly ones; one without segments makes it a day off.
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
SELECT protect_tenant_table('shifts', $$
  INSERT (tenant_id, id, schedule_id, name, day_of_week, cycle_day, on_date, segments, break_minutes, window_before_minutes,
    window_after_minutes, late_grace_minutes, early_grace_minutes),
  UPDATE (name, day_of_week, cycle_day, on_date, segments, break_minutes, window_before_minutes, window_after_minutes,
    late_grace_minutes, early_grace_minutes, version, updated_at),
  DELETE$$);

-- A shift on a date, with its instants frozen: neither a later tz update nor an edit of the plan moves a shift of the past.
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
SELECT keep_closed_days('shift_instances');
SELECT protect_tenant_table('shift_instances', $$
  INSERT (tenant_id, id, employee_id, schedule_id, shift_id, work_date, starts_at, ends_at, window_start, window_end, segments,
    local_start, local_end, break_seconds, late_grace_seconds, early_grace_seconds, review, due_at),
  DELETE$$);
CREATE POLICY shift_instances_clock ON shift_instances TO rollcall_directory USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, employee_id, work_date, due_at), UPDATE (due_at) ON shift_instances TO rollcall_directory;
CREATE TRIGGER shift_instances_made AFTER INSERT ON shift_instances REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();
CREATE TRIGGER shift_instances_gone AFTER DELETE ON shift_instances REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();

-- Whoever is deactivated is not expected any more: shifts that have not begun go, and are not absences later. If the person comes back,
-- the horizon of their schedules goes on from that day.
CREATE FUNCTION release_shifts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM shift_instances s WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.starts_at > now();
  UPDATE schedules s SET materialised_until = least(s.materialised_until, (now() AT TIME ZONE 'UTC')::date)
   WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.status = 'published';
  RETURN NULL;
END $$;
CREATE TRIGGER users_shifts_released AFTER UPDATE OF status ON users FOR EACH ROW
  WHEN (OLD.status = 'active' AND NEW.status = 'deactivated') EXECUTE FUNCTION release_shifts();

-- Shifts are frozen instants of the zone and the employment with which they were made. When a person moves to another zone, or will leave
-- on another date, those that have not begun go, and the clock gives the schedules new ones within a minute. What has begun, and what lies
-- in a closed pay period, stays as it was worked.
CREATE FUNCTION move_shifts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE today date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
  DELETE FROM shift_instances s
   WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.work_date >= today AND s.window_start > now()
     AND NOT EXISTS (SELECT FROM pay_periods p
       WHERE p.tenant_id = s.tenant_id AND p.status = 'closed' AND s.work_date BETWEEN p.start_date AND p.end_date);
  UPDATE schedules s SET materialised_until = least(s.materialised_until, today - 1)
   WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.status = 'published' AND (s.end_date IS NULL OR s.end_date >= today);
  RETURN NULL;
END $$;
CREATE TRIGGER users_shifts_moved AFTER UPDATE OF time_zone, left_on ON users FOR EACH ROW
  WHEN (NEW.status = 'active' AND (OLD.time_zone, OLD.left_on) IS DISTINCT FROM (NEW.time_zone, NEW.left_on))
  EXECUTE FUNCTION move_shifts();

-- The tenants whose published schedules need more shifts: their instants are given up to `until`. Only of people who are there: the
-- schedules of others stay behind for good, and would be looked at every minute.
CREATE FUNCTION tenants_to_materialise(until date) RETURNS TABLE (tenant_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT s.tenant_id FROM public.schedules s JOIN public.users u ON u.tenant_id = s.tenant_id AND u.id = s.employee_id
   WHERE s.status = 'published' AND s.materialised_until < until AND (s.end_date IS NULL OR s.materialised_until < s.end_date)
     AND u.status = 'active'
$$;
SELECT look_across_tenants('tenants_to_materialise(date)');

-- Down Migration
DROP FUNCTION tenants_to_materialise(date);
DROP TRIGGER users_shifts_moved ON users;
DROP TRIGGER users_shifts_released ON users;
DROP FUNCTION move_shifts();
DROP FUNCTION release_shifts();
DROP TABLE shift_instances;
DROP TABLE shifts;
DROP TABLE schedules;
