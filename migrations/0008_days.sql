-- Up Migration
-- What the punches come to, day by day. It can be dropped and computed again, except for what people decided about it.

-- Days to compute again. Marked by triggers in the transaction that changed something, so that no way of writing forgets it; rows are
-- only inserted, so that whoever punches never waits for whoever computes. `day` is a date near the change: the worker computes the
-- whole workweeks around it.
CREATE TABLE dirty_days (
  tenant_id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  employee_id uuid NOT NULL,
  day date NOT NULL,
  marked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT dirty_days_pkey PRIMARY KEY (tenant_id, seq)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
SELECT protect_tenant_table('dirty_days', 'INSERT (tenant_id, employee_id, day), DELETE');
CREATE POLICY dirty_days_group ON dirty_days FOR INSERT TO rollcall_writer
  WITH CHECK (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
CREATE POLICY dirty_days_clock ON dirty_days TO rollcall_directory USING (true) WITH CHECK (true);
GRANT INSERT (tenant_id, employee_id, day) ON dirty_days TO rollcall_writer;
GRANT SELECT (tenant_id, seq, marked_at), INSERT (tenant_id, employee_id, day) ON dirty_days TO rollcall_directory;

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
  -- The whole record, byte for byte as it was hashed; the columns above are what is summed and searched. Not jsonb: taking every record
  -- apart would halve the speed of a rebuild, and nobody searches in it.
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
SELECT keep_closed_days('day_records');
SELECT protect_tenant_table('day_records', $$
  INSERT (tenant_id, employee_id, work_date, content_hash, policy_id, status, scheduled_seconds, worked_seconds, payable_seconds,
    regular_seconds, overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds,
    meal_premium_seconds, exceptions, buckets, record, due_at),
  UPDATE (revision, content_hash, policy_id, status, scheduled_seconds, worked_seconds, payable_seconds, regular_seconds,
    overtime_seconds, double_time_seconds, premium_seconds, break_seconds, late_seconds, early_seconds, meal_premium_seconds, exceptions,
    buckets, record, due_at, computed_at, approval, approved_by, approved_at, approval_reset_at),
  DELETE$$);
CREATE POLICY day_records_clock ON day_records TO rollcall_directory USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, employee_id, work_date, due_at), UPDATE (due_at) ON day_records TO rollcall_directory;

-- Marks the dates of changed rows (leave, shifts), unless they lie ahead: those are looked at when they have come.
CREATE FUNCTION employee_days_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT DISTINCT c.tenant_id, c.employee_id, c.work_date FROM changed c
    WHERE c.work_date <= (now() AT TIME ZONE 'UTC')::date + 1;
  RETURN NULL;
END $$;

-- A holiday or a policy concerns everybody who has a day on record: those days, and no closed ones. Answers how many.
CREATE FUNCTION mark_days(tenant uuid, unit uuid, from_day date, to_day date) RETURNS bigint LANGUAGE sql AS $$
  WITH marked AS (
    INSERT INTO dirty_days (tenant_id, employee_id, day)
    SELECT d.tenant_id, d.employee_id, d.work_date FROM day_records d JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
     WHERE d.tenant_id = tenant AND d.work_date BETWEEN from_day AND to_day AND (unit IS NULL OR u.org_unit_id = unit)
       AND NOT EXISTS (SELECT FROM pay_periods p
         WHERE p.tenant_id = tenant AND p.status = 'closed' AND d.work_date BETWEEN p.start_date AND p.end_date)
    RETURNING 1)
  SELECT count(*) FROM marked
$$;

-- The tenants that wait, with how long the oldest mark has been waiting: a loose scan over the primary key, however long the queue is.
CREATE FUNCTION waiting_tenants() RETURNS TABLE (tenant_id uuid, waiting_since timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH RECURSIVE t AS (
    (SELECT d.tenant_id, d.marked_at FROM public.dirty_days d ORDER BY d.tenant_id, d.seq LIMIT 1)
    UNION ALL
    SELECT n.tenant_id, n.marked_at FROM t CROSS JOIN LATERAL (
      SELECT d.tenant_id, d.marked_at FROM public.dirty_days d WHERE d.tenant_id > t.tenant_id ORDER BY d.tenant_id, d.seq LIMIT 1) n)
  SELECT t.tenant_id, t.marked_at FROM t
$$;
SELECT look_across_tenants('waiting_tenants()');

-- Down Migration
DROP FUNCTION waiting_tenants();
DROP FUNCTION mark_days(uuid, uuid, date, date);
DROP FUNCTION employee_days_changed();
DROP TABLE day_records;
DROP TABLE dirty_days;
