-- Up Migration
-- Facts. What happened (type, occurred_at) never changes; a correction is a new row that the old one points at.
CREATE TABLE punches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  employee_id uuid NOT NULL,
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
  status text NOT NULL DEFAULT 'active',
  superseded_by uuid,
  replaces uuid,
  reason text,
  version integer NOT NULL DEFAULT 1,
  created_by uuid NOT NULL,
  CONSTRAINT punches_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT punches_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT punches_superseded_by_fkey FOREIGN KEY (tenant_id, superseded_by) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT punches_replaces_fkey FOREIGN KEY (tenant_id, replaces) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT punches_type_known CHECK (type IN ('in', 'out', 'break_start', 'break_end')),
  CONSTRAINT punches_source_known CHECK (source IN ('api', 'kiosk', 'mobile', 'web', 'terminal', 'batch', 'import', 'admin')),
  CONSTRAINT punches_status_known CHECK (status IN ('active', 'superseded', 'deleted'))
);
CREATE INDEX punches_presence ON punches (tenant_id, employee_id, occurred_at, type_rank, seq) WHERE status = 'active';
CREATE INDEX punches_listing ON punches (tenant_id, occurred_at, id);
CREATE UNIQUE INDEX punches_dedupe_unique ON punches (tenant_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE TRIGGER punches_facts_fixed BEFORE UPDATE ON punches FOR EACH ROW
  WHEN ((OLD.tenant_id, OLD.id, OLD.employee_id, OLD.type, OLD.occurred_at, OLD.received_at)
    IS DISTINCT FROM (NEW.tenant_id, NEW.id, NEW.employee_id, NEW.type, NEW.occurred_at, NEW.received_at))
  EXECUTE FUNCTION refuse_change('a punch is a fact: correct it by a new one');

ALTER TABLE punches ENABLE ROW LEVEL SECURITY;
ALTER TABLE punches FORCE ROW LEVEL SECURITY;
CREATE POLICY punches_own ON punches TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY punches_group ON punches TO rollcall_writer
  USING (tenant_id = ANY ((SELECT current_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
GRANT SELECT ON punches TO rollcall_runtime, rollcall_writer;
GRANT INSERT (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id, shift_id,
  latitude, longitude, client_punch_id, dedupe_key, flags, replaces, reason, created_by) ON punches TO rollcall_runtime, rollcall_writer;
GRANT UPDATE (status, superseded_by, reason, version) ON punches TO rollcall_runtime;

-- Down Migration
DROP TABLE punches;
