-- Up Migration
-- Punches are facts. What happened (who, what, when) never changes; a correction is a new row that the old one points at.
CREATE TABLE punches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  employee_id uuid NOT NULL,
  -- 'unknown': a terminal without keys, or a file, may say that somebody was there and not which way they went; the rules find out.
  type text NOT NULL,
  -- Of two punches at one instant, the one that ends something comes first.
  type_rank smallint GENERATED ALWAYS AS (CASE type WHEN 'break_end' THEN 0 WHEN 'out' THEN 1 WHEN 'in' THEN 2 ELSE 3 END) STORED,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  device_offset_minutes smallint,
  skew_ms bigint NOT NULL,
  source text NOT NULL,
  device_id text,
  shift_id uuid,
  latitude double precision,
  longitude double precision,
  client_punch_id text,
  dedupe_key text,
  flags text[] NOT NULL,
  -- One that arrives for a closed day is quarantined and waits for a decision; accepted, it counts for adjustments, and the day stays.
  status text NOT NULL DEFAULT 'active',
  superseded_by uuid,
  replaces uuid,
  reason text,
  decided_by uuid,
  decided_at timestamptz,
  -- The line of a file that it came from.
  import_batch_id uuid,
  import_line bigint,
  version integer NOT NULL DEFAULT 1,
  created_by uuid NOT NULL,
  CONSTRAINT punches_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT punches_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT punches_superseded_by_fkey FOREIGN KEY (tenant_id, superseded_by) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT punches_replaces_fkey FOREIGN KEY (tenant_id, replaces) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT punches_type_known CHECK (type IN ('in', 'out', 'break_start', 'break_end', 'unknown')),
  CONSTRAINT punches_source_known CHECK (source IN ('api', 'kiosk', 'mobile', 'web', 'terminal', 'batch', 'import', 'admin')),
  CONSTRAINT punches_status_known CHECK (status IN ('active', 'superseded', 'deleted', 'quarantined', 'accepted', 'void'))
);
CREATE INDEX punches_presence ON punches (tenant_id, employee_id, occurred_at, type_rank, seq) WHERE status = 'active';
CREATE INDEX punches_settled_of ON punches (tenant_id, employee_id, occurred_at) WHERE status IN ('accepted', 'superseded', 'deleted');
CREATE INDEX punches_listing ON punches (tenant_id, occurred_at, id);
CREATE INDEX punches_quarantined ON punches (tenant_id, occurred_at, id) WHERE status = 'quarantined';
CREATE INDEX punches_import ON punches (tenant_id, import_batch_id, import_line) WHERE import_batch_id IS NOT NULL;
CREATE UNIQUE INDEX punches_dedupe_unique ON punches (tenant_id, dedupe_key) WHERE dedupe_key IS NOT NULL;

SELECT protect_tenant_table('punches', $$
  INSERT (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id, shift_id,
    latitude, longitude, client_punch_id, dedupe_key, flags, status, replaces, reason, import_batch_id, import_line, created_by),
  UPDATE (status, superseded_by, reason, decided_by, decided_at, version)$$);
CREATE POLICY punches_group ON punches TO rollcall_writer
  USING (tenant_id = ANY ((SELECT current_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
GRANT SELECT, INSERT (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id,
  shift_id, latitude, longitude, client_punch_id, dedupe_key, flags, status, replaces, reason, created_by) ON punches TO rollcall_writer;
CREATE TRIGGER punches_facts_fixed BEFORE UPDATE ON punches FOR EACH ROW
  WHEN ((OLD.tenant_id, OLD.id, OLD.employee_id, OLD.type, OLD.occurred_at, OLD.received_at)
    IS DISTINCT FROM (NEW.tenant_id, NEW.id, NEW.employee_id, NEW.type, NEW.occurred_at, NEW.received_at))
  EXECUTE FUNCTION refuse_change('a punch is a fact: correct it by a new one');

-- Marks days and refuses closed ones. The argument says what happened to the punches: they were 'recorded', or 'settled' (their status
-- changed). A punch has an instant and no work date, so only those are refused that lie inside a closed period whatever the zone; the
-- recorder judges by the local date, and puts the punch into quarantine.
--
-- Whether a closed period is near is asked once for all punches of a statement, and only then for each of them: otherwise it took nearly
-- half of the 17 ms that the trigger needs for 5,000 punches of an import. And what counted before is united, not joined, with what counts
-- now: a session keeps the plan of its first update, and made for the one punch of a correction a join is a loop within a loop, which took
-- 10 seconds for 10,000 punches that a rollback makes void. Who and when is fixed for a punch, so a union is all there is to know.
CREATE FUNCTION punches_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(period_lock_key(t.tenant_id)) FROM (SELECT DISTINCT c.tenant_id FROM changed c) t;
  IF EXISTS (SELECT FROM (
      SELECT c.tenant_id, (min(c.occurred_at) AT TIME ZONE 'UTC')::date AS earliest, (max(c.occurred_at) AT TIME ZONE 'UTC')::date AS latest
        FROM changed c GROUP BY c.tenant_id) t
      JOIN pay_periods p ON p.tenant_id = t.tenant_id
     WHERE p.status = 'closed' AND p.end_date > t.earliest AND p.start_date < t.latest) THEN
    SELECT c.occurred_at INTO closed FROM changed c CROSS JOIN LATERAL (SELECT FROM pay_periods p
        WHERE p.tenant_id = c.tenant_id AND p.status = 'closed' AND p.end_date > (c.occurred_at AT TIME ZONE 'UTC')::date
          AND p.start_date < (c.occurred_at AT TIME ZONE 'UTC')::date LIMIT 1) p
      WHERE c.status IN ('active', 'superseded', 'deleted') LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'The pay period of % is closed', closed USING ERRCODE = '23514', CONSTRAINT = 'period_closed';
    END IF;
  END IF;
  IF TG_ARGV[0] = 'recorded' THEN
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT DISTINCT c.tenant_id, c.employee_id, (c.occurred_at AT TIME ZONE 'UTC')::date FROM changed c WHERE c.status <> 'quarantined';
  ELSE
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT t.tenant_id, t.employee_id, (t.occurred_at AT TIME ZONE 'UTC')::date FROM (
        SELECT c.tenant_id, c.employee_id, c.occurred_at FROM changed c WHERE c.status NOT IN ('quarantined', 'void')
        UNION ALL
        SELECT b.tenant_id, b.employee_id, b.occurred_at FROM before b WHERE b.status NOT IN ('quarantined', 'void')) t
       GROUP BY 1, 2, 3;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER punches_recorded AFTER INSERT ON punches REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION punches_changed('recorded');
CREATE TRIGGER punches_settled AFTER UPDATE ON punches REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION punches_changed('settled');

-- Down Migration
DROP TABLE punches;
DROP FUNCTION punches_changed();
