-- Up Migration
-- Terminals at the door. Their protocol knows no sign-in but a serial number and the address they are told to call.
CREATE TABLE devices (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  serial_number text NOT NULL,
  name text NOT NULL,
  time_zone text NOT NULL,
  states jsonb NOT NULL,
  -- SHA-256 of what stands in the address; 192 random bits need no salt.
  secret_hash bytea NOT NULL,
  -- Whether it may call by its serial number alone.
  serial_only boolean NOT NULL,
  status text NOT NULL DEFAULT 'active',
  firmware text,
  last_seen_at timestamptz,
  last_stamp text,
  skew_ms bigint,
  backlog_lines integer NOT NULL DEFAULT 0,
  backlog_since timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT devices_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT devices_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT devices_status_known CHECK (status IN ('active', 'suspended', 'retired'))
);
CREATE UNIQUE INDEX devices_serial_unique ON devices (tenant_id, serial_number) WHERE status <> 'retired';
CREATE INDEX devices_serial_anywhere ON devices (serial_number) WHERE status <> 'retired'; -- a call before there is a tenant

-- Who a PIN is, on one terminal or (without device_id) on all of them. Local dates by the clock of the terminal, both included.
CREATE TABLE pin_bindings (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  device_id uuid,
  pin text NOT NULL,
  employee_id uuid NOT NULL,
  effective_from date NOT NULL,
  effective_until date,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pin_bindings_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT pin_bindings_device_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT pin_bindings_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT pin_bindings_span CHECK (effective_until >= effective_from)
);
CREATE INDEX pin_bindings_pin ON pin_bindings (tenant_id, pin);

-- Lines that could not become a punch. The terminal is told that they arrived, or it would send nothing else ever again.
CREATE TABLE device_rejects (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  device_id uuid NOT NULL,
  line text NOT NULL,
  line_hash bytea NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT device_rejects_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT device_rejects_device_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX device_rejects_line_unique ON device_rejects (tenant_id, device_id, line_hash);

-- Serial numbers that called and belong to nobody, so that no tenant can own the row. Bounded by what writes it.
CREATE TABLE unclaimed_devices (
  serial_number text NOT NULL,
  address inet NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  calls integer NOT NULL DEFAULT 1,
  CONSTRAINT unclaimed_devices_pkey PRIMARY KEY (serial_number, address)
);
CREATE INDEX unclaimed_devices_seen ON unclaimed_devices (last_seen_at);

CREATE TRIGGER devices_tenant_fixed BEFORE UPDATE ON devices FOR EACH ROW
  WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change('a row keeps its tenant');

ALTER TABLE devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE devices FORCE ROW LEVEL SECURITY;
CREATE POLICY devices_own ON devices TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY devices_directory ON devices FOR SELECT TO rollcall_directory USING (true);
ALTER TABLE pin_bindings ENABLE ROW LEVEL SECURITY;
ALTER TABLE pin_bindings FORCE ROW LEVEL SECURITY;
CREATE POLICY pin_bindings_own ON pin_bindings TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
ALTER TABLE device_rejects ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_rejects FORCE ROW LEVEL SECURITY;
CREATE POLICY device_rejects_own ON device_rejects TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

GRANT SELECT, INSERT (tenant_id, serial_number, name, time_zone, states, secret_hash, serial_only, created_by),
  UPDATE (name, time_zone, states, secret_hash, serial_only, status, firmware, last_seen_at, last_stamp, skew_ms, backlog_lines,
    backlog_since, version, updated_at) ON devices TO rollcall_runtime;
GRANT SELECT, INSERT (tenant_id, device_id, pin, employee_id, effective_from, effective_until, created_by), DELETE ON pin_bindings TO rollcall_runtime;
GRANT SELECT, INSERT (tenant_id, device_id, line, line_hash, reason, detail), DELETE ON device_rejects TO rollcall_runtime;
GRANT SELECT, INSERT (serial_number, address), UPDATE (last_seen_at, calls), DELETE ON unclaimed_devices TO rollcall_runtime;
GRANT SELECT (tenant_id, id, serial_number, secret_hash, serial_only, status) ON devices TO rollcall_directory;

-- Which devices answer to this serial number and this secret; without a secret, those that may call by their serial number alone.
CREATE FUNCTION device_places(wanted_serial text, wanted_hash bytea) RETURNS TABLE (tenant_id uuid, device_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.tenant_id, d.id FROM public.devices d JOIN public.tenants t ON t.id = d.tenant_id
   WHERE d.serial_number = wanted_serial AND d.status <> 'retired' AND t.status = 'active'
     AND CASE WHEN wanted_hash IS NULL THEN d.serial_only ELSE d.secret_hash = wanted_hash END
   ORDER BY d.id LIMIT 2
$$;
GRANT CREATE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION device_places(text, bytea) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION device_places(text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION device_places(text, bytea) TO rollcall_runtime;

-- Down Migration
DROP FUNCTION device_places(text, bytea);
DROP TABLE unclaimed_devices;
DROP TABLE device_rejects;
DROP TABLE pin_bindings;
DROP TABLE devices;
