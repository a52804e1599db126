-- Up Migration
-- A serial number is printed on the terminal and says nothing of whose it is. It opens only from a network of its tenant, or from where
-- the terminal has called with its secret. Terminals that came in by their serial number alone before this go on from anywhere.
ALTER TABLE devices ADD COLUMN proven_networks text[] NOT NULL DEFAULT '{0.0.0.0/0,::/0}';
ALTER TABLE devices ALTER COLUMN proven_networks SET DEFAULT '{}';
GRANT UPDATE (proven_networks) ON devices TO rollcall_runtime;
GRANT SELECT (proven_networks) ON devices TO rollcall_directory;
GRANT SELECT (settings) ON tenants TO rollcall_directory;

-- Whom a serial number alone may lead to, whatever the tenant; where the call comes from decides among them.
CREATE FUNCTION serial_places(wanted_serial text) RETURNS TABLE (tenant_id uuid, device_id uuid, allowed jsonb, proven text[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.tenant_id, d.id, coalesce(t.settings, '{}')::jsonb -> 'allowedNetworks', d.proven_networks
    FROM public.devices d JOIN public.tenants t ON t.id = d.tenant_id
   WHERE d.serial_number = wanted_serial AND d.status <> 'retired' AND t.status = 'active' AND d.serial_only
   ORDER BY d.id LIMIT 200
$$;
GRANT CREATE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION serial_places(text) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION serial_places(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION serial_places(text) TO rollcall_runtime;

-- Serial numbers that more than one tenant proves, so that no tenant can own the row: the operator of the platform decides. Bounded by what writes it.
CREATE TABLE disputed_serials (
  serial_number text NOT NULL,
  address inet NOT NULL,
  claimed_by uuid[] NOT NULL,
  first_disputed_at timestamptz NOT NULL DEFAULT now(),
  last_disputed_at timestamptz NOT NULL DEFAULT now(),
  awarded_to uuid,
  reason text,
  decided_by uuid,
  decided_at timestamptz,
  CONSTRAINT disputed_serials_pkey PRIMARY KEY (serial_number),
  CONSTRAINT disputed_serials_tenant_fkey FOREIGN KEY (awarded_to) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT disputed_serials_decided_whole CHECK (num_nulls(awarded_to, reason, decided_by, decided_at) IN (0, 4))
);
CREATE INDEX disputed_serials_open ON disputed_serials (last_disputed_at) WHERE awarded_to IS NULL;
GRANT SELECT, INSERT (serial_number, address, claimed_by), UPDATE (address, claimed_by, last_disputed_at, awarded_to, reason, decided_by, decided_at), DELETE
  ON disputed_serials TO rollcall_runtime;

-- Down Migration
DROP TABLE disputed_serials;
DROP FUNCTION serial_places(text);
REVOKE SELECT (settings) ON tenants FROM rollcall_directory;
ALTER TABLE devices DROP COLUMN proven_networks;
