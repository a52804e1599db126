-- Up Migration
-- Derived data: what the punches come to. Droppable and rebuildable, except for what people decided about it.

-- Days to compute again. Fed by triggers in the transaction that changed something, so that no way of writing forgets it;
-- insert-only, so that whoever punches never waits for whoever computes. `day` is a date near the change: the worker
-- computes the whole workweeks around it.
CREATE TABLE dirty_days (
  tenant_id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  employee_id uuid NOT NULL,
  day date NOT NULL,
  marked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT dirty_days_pkey PRIMARY KEY (tenant_id, seq)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- No foreign key: it is derived from rows that have one, people are never deleted, and a rebuild would check a million of them.
CREATE TABLE day_records (
  tenant_id uuid NOT NULL,
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  -- Grows with every change of what was computed.
  revision integer NOT NULL DEFAULT 1,
  content_hash bytea NOT NULL,
  policy_id uuid,
  status text NOT NULL,
  scheduled_seconds integer NOT NULL,
  worked_seconds integer NOT NULL,
  payable_seconds integer NOT NULL,
  regular_seconds integer NOT NULL,
  overtime_seconds integer NOT NULL,
  double_time_seconds integer NOT NULL,
  premium_seconds integer NOT NULL,
  break_seconds integer NOT NULL,
  late_seconds integer NOT NULL,
  early_seconds integer NOT NULL,
  meal_premium_seconds integer NOT NULL DEFAULT 0,
  exceptions smallint NOT NULL,
  -- Paid seconds by source and rate, as they stand in the record: what a pay period sums without opening a million records.
  buckets json NOT NULL DEFAULT '[]',
  -- The whole record, byte for byte as it was hashed; the columns above are what is summed and searched. Not jsonb: taking every
  -- record apart would halve the speed of a rebuild, and nobody searches in it.
  record json NOT NULL,
  -- When time alone will change it; null when everything is decided.
  due_at timestamptz,
  computed_at timestamptz NOT NULL DEFAULT now(),
  approval text NOT NULL DEFAULT 'pending',
  approved_by uuid,
  approved_at timestamptz,
  approval_reset_at timestamptz,
  CONSTRAINT day_records_pkey PRIMARY KEY (tenant_id, employee_id, work_date),
  CONSTRAINT day_records_approval_known CHECK (approval IN ('pending', 'approved'))
);
CREATE INDEX day_records_listing ON day_records (tenant_id, work_date, employee_id);
CREATE INDEX day_records_due ON day_records (due_at) WHERE due_at IS NOT NULL;

-- One row for each finding, for ever: found again it is the same row. `code` and `anchor` name it within its day.
CREATE TABLE attendance_exceptions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  code text NOT NULL,
  anchor text NOT NULL,
  source text NOT NULL DEFAULT 'automatic',
  status text NOT NULL,
  occurred_at timestamptz NOT NULL,
  seconds integer NOT NULL DEFAULT 0,
  description text,
  notes text,
  resolved_by uuid,
  resolved_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT attendance_exceptions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT attendance_exceptions_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT attendance_exceptions_natural_unique UNIQUE (tenant_id, employee_id, work_date, code, anchor),
  CONSTRAINT attendance_exceptions_status_known CHECK (status IN ('premature', 'open', 'approved', 'rejected', 'cleared', 'deleted')),
  CONSTRAINT attendance_exceptions_source_known CHECK (source IN ('automatic', 'manual'))
);
CREATE INDEX attendance_exceptions_listing ON attendance_exceptions (tenant_id, work_date DESC, id DESC);
CREATE INDEX attendance_exceptions_open ON attendance_exceptions (tenant_id, work_date DESC, id DESC) WHERE status = 'open';

-- Pay periods. A closed one is closed for everybody: see refuse_closed_days.
CREATE TABLE pay_periods (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  start_date date NOT NULL,
  end_date date NOT NULL,
  grace_days smallint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'open',
  -- Of the frozen totals: grows when a reopened period is closed again; the earlier ones stay readable.
  revision integer NOT NULL DEFAULT 0,
  content_hash bytea,
  closed_at timestamptz,
  closed_by uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  CONSTRAINT pay_periods_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT pay_periods_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT pay_periods_start_unique UNIQUE (tenant_id, start_date),
  CONSTRAINT pay_periods_dates_ordered CHECK (end_date >= start_date),
  CONSTRAINT pay_periods_status_known CHECK (status IN ('open', 'closed'))
);
CREATE INDEX pay_periods_closed ON pay_periods (tenant_id, end_date, start_date) WHERE status = 'closed';

-- What a period came to when it was closed, one row a person and revision. Never changed: a payroll run stands on it.
CREATE TABLE pay_period_totals (
  tenant_id uuid NOT NULL,
  period_id uuid NOT NULL,
  revision integer NOT NULL,
  employee_id uuid NOT NULL,
  employee_number text,
  employee_name text NOT NULL,
  days integer NOT NULL,
  totals jsonb NOT NULL,
  CONSTRAINT pay_period_totals_pkey PRIMARY KEY (tenant_id, period_id, revision, employee_id),
  CONSTRAINT pay_period_totals_period_fkey FOREIGN KEY (tenant_id, period_id) REFERENCES pay_periods (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT pay_period_totals_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
);

-- Signed seconds that a closed day is short of or over: what late facts come to, or what somebody booked by hand. Paid with the
-- next period that is closed.
CREATE TABLE adjustments (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  origin text NOT NULL,
  pay_source text NOT NULL,
  rate numeric(6, 3) NOT NULL,
  seconds integer NOT NULL,
  reason text NOT NULL,
  status text NOT NULL DEFAULT 'open',
  paid_period_id uuid,
  paid_revision integer,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid,
  CONSTRAINT adjustments_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT adjustments_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT adjustments_period_fkey FOREIGN KEY (tenant_id, paid_period_id) REFERENCES pay_periods (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT adjustments_origin_known CHECK (origin IN ('late_fact', 'manual')),
  CONSTRAINT adjustments_status_known CHECK (status IN ('open', 'void', 'paid'))
);
CREATE INDEX adjustments_of ON adjustments (tenant_id, employee_id, work_date);
CREATE INDEX adjustments_unpaid ON adjustments (tenant_id, id) WHERE status = 'open';

-- A punch told for a closed day is kept and waits for a decision; accepted, it counts for adjustments, and the closed day stays.
ALTER TABLE punches DROP CONSTRAINT punches_status_known,
  ADD CONSTRAINT punches_status_known CHECK (status IN ('active', 'superseded', 'deleted', 'quarantined', 'accepted', 'void')),
  ADD COLUMN decided_by uuid, ADD COLUMN decided_at timestamptz,
  -- A terminal without keys, or a file, may say that somebody was there and not which way they went: the rules find out.
  DROP CONSTRAINT punches_type_known,
  ADD CONSTRAINT punches_type_known CHECK (type IN ('in', 'out', 'break_start', 'break_end', 'unknown'));
CREATE INDEX punches_settled_of ON punches (tenant_id, employee_id, occurred_at) WHERE status IN ('accepted', 'superseded', 'deleted');
CREATE INDEX punches_quarantined ON punches (tenant_id, occurred_at, id) WHERE status = 'quarantined';
GRANT INSERT (status) ON punches TO rollcall_runtime, rollcall_writer;
GRANT UPDATE (decided_by, decided_at) ON punches TO rollcall_runtime;
-- Whether a punch lies in a closed period is judged by the local date of the person.
GRANT SELECT (time_zone, hired_on, left_on) ON users TO rollcall_writer;

-- Somebody tells what should have been punched; somebody else decides. Applied as new facts that point at the old ones.
CREATE TABLE correction_requests (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  kind text NOT NULL,
  punch_id uuid,
  punch_version integer,
  -- { type, occurredAt } of the punch before and as it is wanted.
  before jsonb,
  after jsonb,
  reason text NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  requested_by uuid NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text,
  applied_punch_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT correction_requests_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT correction_requests_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT correction_requests_punch_fkey FOREIGN KEY (tenant_id, punch_id) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT correction_requests_applied_fkey FOREIGN KEY (tenant_id, applied_punch_id) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT correction_requests_kind_known CHECK (kind IN ('missing_punch', 'changed_time', 'removed_punch')),
  CONSTRAINT correction_requests_status_known CHECK (status IN ('pending', 'approved', 'rejected', 'cancelled'))
);
CREATE INDEX correction_requests_listing ON correction_requests (tenant_id, id DESC);
CREATE INDEX correction_requests_of ON correction_requests (tenant_id, employee_id, id DESC);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['dirty_days', 'day_records', 'attendance_exceptions', 'pay_periods', 'pay_period_totals', 'adjustments', 'correction_requests'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t || '_own', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change(''a row keeps its tenant'')', t || '_tenant_fixed', t);
    EXECUTE format('GRANT SELECT ON %I TO rollcall_runtime', t);
  END LOOP;
END $$;
CREATE TRIGGER pay_period_totals_fixed BEFORE UPDATE OR DELETE ON pay_period_totals FOR EACH ROW
  EXECUTE FUNCTION refuse_change('what a period came to when it was closed stays');
CREATE POLICY dirty_days_group ON dirty_days FOR INSERT TO rollcall_writer WITH CHECK (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
CREATE POLICY pay_periods_group ON pay_periods FOR SELECT TO rollcall_writer USING (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
GRANT SELECT (tenant_id, start_date, end_date, status) ON pay_periods TO rollcall_writer;
GRANT INSERT (tenant_id, employee_id, day) ON dirty_days TO rollcall_runtime, rollcall_writer;
GRANT DELETE ON dirty_days TO rollcall_runtime;
GRANT INSERT (tenant_id, employee_id, work_date, content_hash, policy_id, status, scheduled_seconds, worked_seconds, payable_seconds,
    regular_seconds, overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds, meal_premium_seconds,
    exceptions, buckets, record, due_at),
  UPDATE (revision, content_hash, policy_id, status, scheduled_seconds, worked_seconds, payable_seconds, regular_seconds,
    overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds, meal_premium_seconds, exceptions, buckets, record, due_at,
    computed_at, approval, approved_by, approved_at, approval_reset_at), DELETE
  ON day_records TO rollcall_runtime;
GRANT INSERT (tenant_id, id, employee_id, work_date, code, anchor, source, status, occurred_at, seconds, description, notes, created_by),
  UPDATE (status, occurred_at, seconds, description, notes, resolved_by, resolved_at, updated_at, version)
  ON attendance_exceptions TO rollcall_runtime;
GRANT INSERT (tenant_id, id, name, start_date, end_date, grace_days, created_by),
  UPDATE (name, grace_days, status, revision, content_hash, closed_at, closed_by, version, updated_at) ON pay_periods TO rollcall_runtime;
GRANT INSERT ON pay_period_totals TO rollcall_runtime;
GRANT INSERT (tenant_id, id, employee_id, work_date, origin, pay_source, rate, seconds, reason, created_by),
  UPDATE (status, paid_period_id, paid_revision, version) ON adjustments TO rollcall_runtime;
GRANT INSERT (tenant_id, id, employee_id, kind, punch_id, punch_version, before, after, reason, requested_by),
  UPDATE (status, decided_by, decided_at, decision_note, applied_punch_id, version, updated_at) ON correction_requests TO rollcall_runtime;

-- Closed is closed, by any path. Writers of a tenant's days share a lock that closing takes alone: nobody can begin before
-- a period is closed and commit after it. The check runs in a statement of its own, so it sees what was committed meanwhile.
CREATE FUNCTION period_lock_key(tenant uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT hashtextextended('pay period ' || tenant::text, 0) $$;
CREATE FUNCTION refuse_closed_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed date;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(period_lock_key(t.tenant_id)) FROM (SELECT DISTINCT c.tenant_id FROM changed c) t;
  SELECT c.work_date INTO closed FROM changed c
    JOIN pay_periods p ON p.tenant_id = c.tenant_id AND p.status = 'closed' AND p.end_date >= c.work_date AND p.start_date <= c.work_date
    LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The pay period of % is closed', closed USING ERRCODE = '23514', CONSTRAINT = 'period_closed';
  END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['day_records', 'attendance_exceptions', 'shift_instances', 'leave_entries', 'holidays'] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days()', t || '_closed_insert', t);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days()', t || '_closed_update', t);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days()', t || '_closed_delete', t);
  END LOOP;
END $$;

-- A punch has an instant and no work date: here only those are refused that lie inside a closed period whatever the zone. The
-- recorder judges by the local date, and puts the punch into quarantine.
CREATE FUNCTION punches_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(period_lock_key(t.tenant_id)) FROM (SELECT DISTINCT c.tenant_id FROM changed c) t;
  SELECT c.occurred_at INTO closed FROM changed c CROSS JOIN LATERAL (SELECT FROM pay_periods p
      WHERE p.tenant_id = c.tenant_id AND p.status = 'closed' AND p.end_date > (c.occurred_at AT TIME ZONE 'UTC')::date
        AND p.start_date < (c.occurred_at AT TIME ZONE 'UTC')::date LIMIT 1) p
    WHERE c.status IN ('active', 'superseded', 'deleted') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The pay period of % is closed', closed USING ERRCODE = '23514', CONSTRAINT = 'period_closed';
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT DISTINCT c.tenant_id, c.employee_id, (c.occurred_at AT TIME ZONE 'UTC')::date FROM changed c WHERE c.status <> 'quarantined';
  ELSE
    -- One that was void before it ever counted changes no day; one that became void did count.
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT DISTINCT c.tenant_id, c.employee_id, (c.occurred_at AT TIME ZONE 'UTC')::date
        FROM changed c JOIN before b ON b.tenant_id = c.tenant_id AND b.id = c.id
       WHERE NOT (b.status IN ('quarantined', 'void') AND c.status IN ('quarantined', 'void'));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER punches_recorded AFTER INSERT ON punches REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION punches_changed();
CREATE TRIGGER punches_settled AFTER UPDATE ON punches REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION punches_changed();

CREATE FUNCTION employee_days_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT DISTINCT c.tenant_id, c.employee_id, c.work_date FROM changed c
    WHERE c.work_date <= (now() AT TIME ZONE 'UTC')::date + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER leave_entries_made AFTER INSERT ON leave_entries REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();
CREATE TRIGGER leave_entries_gone AFTER DELETE ON leave_entries REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();
CREATE TRIGGER shift_instances_made AFTER INSERT ON shift_instances REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();
CREATE TRIGGER shift_instances_gone AFTER DELETE ON shift_instances REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();

-- A holiday or a policy concerns everybody with a day on record: those days, and no closed ones.
CREATE FUNCTION mark_days(tenant uuid, unit uuid, from_day date, to_day date) RETURNS bigint LANGUAGE sql AS $$
  WITH marked AS (
    INSERT INTO dirty_days (tenant_id, employee_id, day)
    SELECT d.tenant_id, d.employee_id, d.work_date FROM day_records d JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
     WHERE d.tenant_id = tenant AND d.work_date BETWEEN from_day AND to_day AND (unit IS NULL OR u.org_unit_id = unit)
       AND NOT EXISTS (SELECT FROM pay_periods p WHERE p.tenant_id = tenant AND p.status = 'closed' AND d.work_date BETWEEN p.start_date AND p.end_date)
    RETURNING 1)
  SELECT count(*) FROM marked
$$;

-- The clock: which days time alone has changed, and who waits for a computation. It sees across tenants, so its functions belong to
-- the role that owns the other one which does.
CREATE POLICY dirty_days_clock ON dirty_days TO rollcall_directory USING (true) WITH CHECK (true);
CREATE POLICY day_records_clock ON day_records TO rollcall_directory USING (true) WITH CHECK (true);
CREATE POLICY shift_instances_clock ON shift_instances TO rollcall_directory USING (true) WITH CHECK (true);
CREATE POLICY leave_entries_clock ON leave_entries TO rollcall_directory USING (true) WITH CHECK (true);
CREATE POLICY schedules_clock ON schedules FOR SELECT TO rollcall_directory USING (status = 'published');
CREATE POLICY pay_periods_clock ON pay_periods FOR SELECT TO rollcall_directory USING (status = 'closed');
GRANT SELECT (tenant_id, seq, marked_at), INSERT (tenant_id, employee_id, day) ON dirty_days TO rollcall_directory;
GRANT SELECT (tenant_id, employee_id, work_date, due_at), UPDATE (due_at) ON day_records, shift_instances, leave_entries TO rollcall_directory;
GRANT SELECT (tenant_id, status, materialised_until, end_date) ON schedules TO rollcall_directory;
GRANT SELECT (tenant_id, status, start_date, end_date) ON pay_periods TO rollcall_directory;

-- Marks what has become due, at most `batch` of each kind; answers how many. Two replicas never mark the same row.
CREATE FUNCTION mark_due_days(batch integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE made integer; more integer;
BEGIN
  WITH due AS (
    UPDATE day_records SET due_at = NULL WHERE (tenant_id, employee_id, work_date) IN (
      SELECT d.tenant_id, d.employee_id, d.work_date FROM day_records d WHERE d.due_at <= now()
        ORDER BY d.due_at LIMIT batch FOR UPDATE SKIP LOCKED) AND due_at IS NOT NULL
    RETURNING tenant_id, employee_id, work_date)
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT tenant_id, employee_id, work_date FROM due;
  GET DIAGNOSTICS made = ROW_COUNT;
  WITH due AS (
    UPDATE shift_instances SET due_at = NULL WHERE (tenant_id, employee_id, work_date, due_at) IN (
      SELECT s.tenant_id, s.employee_id, s.work_date, s.due_at FROM shift_instances s WHERE s.due_at <= now()
        ORDER BY s.due_at LIMIT batch FOR UPDATE SKIP LOCKED) AND due_at IS NOT NULL
    RETURNING tenant_id, employee_id, work_date)
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT tenant_id, employee_id, work_date FROM due;
  GET DIAGNOSTICS more = ROW_COUNT;
  made := made + more;
  WITH due AS (
    UPDATE leave_entries SET due_at = NULL WHERE (tenant_id, employee_id, work_date, due_at) IN (
      SELECT l.tenant_id, l.employee_id, l.work_date, l.due_at FROM leave_entries l WHERE l.due_at <= now()
        AND NOT EXISTS (SELECT FROM pay_periods p WHERE p.tenant_id = l.tenant_id AND p.status = 'closed' AND l.work_date BETWEEN p.start_date AND p.end_date)
        ORDER BY l.due_at LIMIT batch FOR UPDATE SKIP LOCKED) AND due_at IS NOT NULL
    RETURNING tenant_id, employee_id, work_date)
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT tenant_id, employee_id, work_date FROM due;
  GET DIAGNOSTICS more = ROW_COUNT;
  RETURN made + more;
END $$;

-- The tenants that wait, with how long the oldest mark has been waiting; a loose scan over the primary key, whatever the queue's length.
CREATE FUNCTION waiting_tenants() RETURNS TABLE (tenant_id uuid, waiting_since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH RECURSIVE t AS (
    (SELECT d.tenant_id, d.marked_at FROM public.dirty_days d ORDER BY d.tenant_id, d.seq LIMIT 1)
    UNION ALL
    SELECT n.tenant_id, n.marked_at FROM t CROSS JOIN LATERAL (
      SELECT d.tenant_id, d.marked_at FROM public.dirty_days d WHERE d.tenant_id > t.tenant_id ORDER BY d.tenant_id, d.seq LIMIT 1) n)
  SELECT t.tenant_id, t.marked_at FROM t
$$;
-- The tenants whose published schedules need more shifts: their instants are given up to `until`.
CREATE FUNCTION tenants_to_materialise(until date) RETURNS TABLE (tenant_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT s.tenant_id FROM public.schedules s
   WHERE s.status = 'published' AND s.materialised_until < until AND (s.end_date IS NULL OR s.materialised_until < s.end_date)
$$;
GRANT CREATE, USAGE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION mark_due_days(integer) OWNER TO rollcall_directory;
ALTER FUNCTION waiting_tenants() OWNER TO rollcall_directory;
ALTER FUNCTION tenants_to_materialise(date) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION mark_due_days(integer), waiting_tenants(), tenants_to_materialise(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mark_due_days(integer), waiting_tenants(), tenants_to_materialise(date) TO rollcall_runtime;

-- Down Migration
DROP FUNCTION tenants_to_materialise(date);
DROP FUNCTION waiting_tenants();
DROP FUNCTION mark_due_days(integer);
DROP POLICY schedules_clock ON schedules;
DROP POLICY leave_entries_clock ON leave_entries;
DROP POLICY shift_instances_clock ON shift_instances;
REVOKE ALL ON schedules, shift_instances, leave_entries FROM rollcall_directory;
DROP FUNCTION mark_days(uuid, uuid, date, date);
DROP FUNCTION employee_days_changed() CASCADE;
DROP FUNCTION punches_changed() CASCADE;
DROP FUNCTION refuse_closed_days() CASCADE;
DROP TABLE correction_requests;
DROP TABLE adjustments;
DROP TABLE pay_period_totals;
DROP TABLE pay_periods;
DROP FUNCTION period_lock_key(uuid);
DROP TABLE attendance_exceptions;
DROP TABLE day_records;
DROP TABLE dirty_days;
REVOKE SELECT (time_zone, hired_on, left_on) ON users FROM rollcall_writer;
DROP INDEX punches_quarantined;
DROP INDEX punches_settled_of;
REVOKE INSERT (status) ON punches FROM rollcall_runtime, rollcall_writer;
UPDATE punches SET status = 'deleted', reason = coalesce(reason, 'was told for a closed period') WHERE status IN ('quarantined', 'accepted', 'void');
ALTER TABLE punches DROP COLUMN decided_by, DROP COLUMN decided_at, DROP CONSTRAINT punches_status_known,
  ADD CONSTRAINT punches_status_known CHECK (status IN ('active', 'superseded', 'deleted'));
