-- Up Migration
-- Pay periods, what they came to, and what keeps a closed one closed.

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
SELECT protect_tenant_table('pay_periods', $$
  INSERT (tenant_id, id, name, start_date, end_date, grace_days, created_by),
  UPDATE (name, grace_days, status, revision, content_hash, closed_at, closed_by, version, updated_at)$$);
-- Whoever records punches of several tenants, and whoever sees which days have become due, must know what is closed.
CREATE POLICY pay_periods_group ON pay_periods FOR SELECT TO rollcall_writer
  USING (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
CREATE POLICY pay_periods_clock ON pay_periods FOR SELECT TO rollcall_directory USING (status = 'closed');
GRANT SELECT (tenant_id, start_date, end_date, status) ON pay_periods TO rollcall_writer, rollcall_directory;

-- What a period came to when it was closed, one row for each person and revision. Never changed: a payroll run stands on it.
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
SELECT protect_tenant_table('pay_period_totals', 'INSERT');
CREATE TRIGGER pay_period_totals_fixed BEFORE UPDATE OR DELETE ON pay_period_totals FOR EACH ROW
  EXECUTE FUNCTION refuse_change('what a period came to when it was closed stays');

-- Signed seconds by which a closed day is short or over: what late facts come to, or what somebody booked by hand. Paid with the next
-- period that is closed.
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
SELECT protect_tenant_table('adjustments', $$
  INSERT (tenant_id, id, employee_id, work_date, origin, pay_source, rate, seconds, reason, created_by),
  UPDATE (status, paid_period_id, paid_revision, version)$$);

-- Closed is closed, by any path. Whoever writes days of a tenant shares a lock that closing takes alone: nobody can begin before a period
-- is closed and commit after it. The check runs in a statement of its own, so that it sees what was committed while it waited.
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

-- Keeps a table with a tenant_id and a work_date as it was in a closed period. An update is judged by where the row was; one that may move
-- a row to another date needs a trigger on the new rows besides.
CREATE FUNCTION keep_closed_days(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days()', table_name || '_closed_insert', table_name);
  EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days()', table_name || '_closed_update', table_name);
  EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days()', table_name || '_closed_delete', table_name);
END $$;
REVOKE ALL ON FUNCTION keep_closed_days(text) FROM PUBLIC;

-- Down Migration
DROP FUNCTION keep_closed_days(text);
DROP FUNCTION refuse_closed_days();
DROP FUNCTION period_lock_key(uuid);
DROP TABLE adjustments;
DROP TABLE pay_period_totals;
DROP TABLE pay_periods;
