-- Up Migration
-- The ledger of changes and the trail of requests.

-- The ledger is append-only for everybody and partitioned by month. `canonical` holds the bytes that seals will hash, (xid, seq) the
-- order in which they will be sealed.
CREATE SEQUENCE audit_logs_seq AS bigint;
CREATE TABLE audit_logs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  seq bigint NOT NULL DEFAULT nextval('audit_logs_seq'),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  created_at timestamptz NOT NULL DEFAULT now(),
  user_id uuid NOT NULL,
  on_behalf_of uuid,
  action text NOT NULL,
  entity text NOT NULL,
  entity_id text NOT NULL,
  outcome text NOT NULL DEFAULT 'success',
  changes jsonb NOT NULL,
  employee_id uuid,
  punch_id uuid,
  exception_id uuid,
  request_id text NOT NULL,
  ip inet,
  canonical bytea NOT NULL,
  CONSTRAINT audit_logs_pkey PRIMARY KEY (tenant_id, id, created_at),
  CONSTRAINT audit_logs_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT audit_logs_outcome_known CHECK (outcome IN ('success', 'failure'))
) PARTITION BY RANGE (created_at);
CREATE INDEX audit_logs_entity ON audit_logs (tenant_id, entity_id, id);
CREATE INDEX audit_logs_user ON audit_logs (tenant_id, user_id, id);
-- Most of the ledger says that punches were recorded, and few people ask about that: these two find everything else by entity and by
-- action. They are partial, so that recording a punch does not write them.
CREATE INDEX audit_logs_rare_entity ON audit_logs (tenant_id, entity, id) WHERE NOT (entity = 'punch' AND action = 'create');
CREATE INDEX audit_logs_rare_action ON audit_logs (tenant_id, action, id) WHERE NOT (entity = 'punch' AND action = 'create');

CREATE TRIGGER audit_logs_append_only BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW
  EXECUTE FUNCTION refuse_change('the ledger is append-only');
ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_logs_append_only;
CREATE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON audit_logs FOR EACH STATEMENT
  EXECUTE FUNCTION refuse_change('the ledger is append-only');
ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_logs_no_truncate;

SELECT protect_tenant_table('audit_logs', $$
  INSERT (tenant_id, user_id, on_behalf_of, action, entity, entity_id, outcome, changes, employee_id, punch_id, exception_id,
    request_id, ip, canonical)$$);
CREATE POLICY audit_logs_group ON audit_logs FOR INSERT TO rollcall_writer
  WITH CHECK (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
GRANT INSERT (tenant_id, user_id, on_behalf_of, action, entity, entity_id, outcome, changes, employee_id, punch_id, exception_id,
  request_id, ip, canonical) ON audit_logs TO rollcall_writer;
GRANT USAGE ON SEQUENCE audit_logs_seq TO rollcall_runtime, rollcall_writer;

-- Makes the partitions of this month and of `months` to come. A partition inherits neither TRUNCATE triggers nor row-level security, so
-- each is given its own; nobody is granted anything on a partition.
CREATE FUNCTION ensure_audit_partitions(months integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  first_day date; part text; made integer := 0;
BEGIN
  FOR i IN 0..months LOOP
    first_day := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i))::date;
    part := 'audit_logs_' || to_char(first_day, 'YYYY_MM');
    CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_logs FOR VALUES FROM (%L) TO (%L)', part,
      first_day::text || ' 00:00:00+00', (first_day + interval '1 month')::date::text || ' 00:00:00+00');
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change(%L)',
      part || '_no_truncate', part, 'the ledger is append-only');
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER %I', part, part || '_no_truncate');
    EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER audit_logs_append_only', part);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC', part);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION ensure_audit_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_audit_partitions(integer) TO rollcall_retention;
SELECT ensure_audit_partitions(12);

-- The trail: every API call, best effort, kept for ninety days. A refusal before a tenant is known stands under the platform's. Its
-- identifiers are time-ordered, so that the primary key lists the calls of a tenant by time; the block-range index serves the purge.
CREATE TABLE operation_logs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  event_type text NOT NULL,
  user_id uuid,
  resource_type text NOT NULL,
  resource_id text,
  action text NOT NULL,
  details jsonb NOT NULL,
  ip inet,
  status text NOT NULL,
  duration_ms real NOT NULL,
  request_id text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT operation_logs_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT operation_logs_status_known CHECK (status IN ('success', 'failure', 'pending'))
);
CREATE INDEX operation_logs_created ON operation_logs USING brin (created_at) WITH (pages_per_range = 32);

SELECT protect_tenant_table('operation_logs');
CREATE POLICY operation_logs_group ON operation_logs FOR INSERT TO rollcall_writer
  WITH CHECK (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
GRANT INSERT (tenant_id, event_type, user_id, resource_type, resource_id, action, details, ip, status, duration_ms, request_id, created_at)
  ON operation_logs TO rollcall_writer;
-- Nobody updates a row, so deleting needs no lock, and no right to update.
CREATE POLICY operation_logs_expired ON operation_logs TO rollcall_retention USING (created_at < now() - interval '1 day');
GRANT SELECT, DELETE ON operation_logs TO rollcall_retention;

-- Down Migration
DROP TABLE operation_logs;
DROP TABLE audit_logs;
DROP FUNCTION ensure_audit_partitions(integer);
DROP SEQUENCE audit_logs_seq;
