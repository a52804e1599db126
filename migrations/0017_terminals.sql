-- Up Migration
-- Terminals at the door. Their protocol knows no sign-in but a serial number and the address that they are told to call.
CREATE TABLE devices (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  serial_number text NOT NULL,
  name text NOT NULL,
  time_zone text NOT NULL,
  states jsonb NOT NULL,
  -- SHA-256 of the secret in the address; 192 random bits need no salt.
  secret_hash bytea NOT NULL,
  -- Whether it may call by its serial number alone. That is printed on the terminal and says nothing of whose it is, so it opens only from
  -- a network of its tenant, or from where the terminal has called with its secret.
  serial_only boolean NOT NULL,
  proven_networks text[] NOT NULL DEFAULT '{}',
  -- Where it was last let in by its serial number alone, and since when it has been: it goes on from there when somebody disputes it.
  admitted_from inet,
  admitted_at timestamptz,
  status text NOT NULL DEFAULT 'active',
  firmware text,
  last_seen_at timestamptz,
  last_stamp text,
  skew_ms bigint,
  -- Whether its clock can be believed: since when it has called without a gap, when it last told of a punch at once, and since when its
  -- lines are held because its clock is in doubt (null again once a line arrives that is right).
  contact_since timestamptz,
  live_at timestamptz,
  clock_doubted_at timestamptz,
  backlog_lines integer NOT NULL DEFAULT 0,
  backlog_since timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT devices_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT devices_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT devices_status_known CHECK (status IN ('active', 'suspended', 'retired')),
  CONSTRAINT devices_admitted_whole CHECK (num_nulls(admitted_from, admitted_at) IN (0, 2))
);
CREATE UNIQUE INDEX devices_serial_unique ON devices (tenant_id, serial_number) WHERE status <> 'retired';
CREATE INDEX devices_serial_anywhere ON devices (serial_number) WHERE status <> 'retired'; -- a call before its tenant is known
SELECT protect_tenant_table('devices', $$
  INSERT (tenant_id, serial_number, name, time_zone, states, secret_hash, serial_only, created_by),
  UPDATE (name, time_zone, states, secret_hash, serial_only, proven_networks, admitted_from, admitted_at, status, firmware, last_seen_at,
    last_stamp, skew_ms, contact_since, live_at, clock_doubted_at, backlog_lines, backlog_since, version, updated_at)$$);
CREATE POLICY devices_directory ON devices FOR SELECT TO rollcall_directory USING (true);
GRANT SELECT (tenant_id, id, serial_number, secret_hash, serial_only, proven_networks, admitted_from, admitted_at, status, last_seen_at,
  skew_ms, clock_doubted_at) ON devices TO rollcall_directory;
GRANT SELECT (settings) ON tenants TO rollcall_directory; -- the networks that a tenant lists

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
SELECT protect_tenant_table('pin_bindings', $$
  INSERT (tenant_id, device_id, pin, employee_id, effective_from, effective_until, created_by), DELETE$$);

-- The offsets that a terminal was given at its sign-ons: until it is given another one, its clock shows this one, whatever its zone does.
CREATE TABLE device_offsets (
  tenant_id uuid NOT NULL,
  device_id uuid NOT NULL,
  told_at timestamptz NOT NULL DEFAULT now(),
  offset_minutes integer NOT NULL,
  -- Its last sign-on that was answered with the same offset.
  confirmed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT device_offsets_pkey PRIMARY KEY (tenant_id, device_id, told_at),
  CONSTRAINT device_offsets_device_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT device_offsets_possible CHECK (offset_minutes BETWEEN -1080 AND 1080)
);
SELECT protect_tenant_table('device_offsets', 'INSERT (tenant_id, device_id, offset_minutes), UPDATE (confirmed_at), DELETE');

-- Lines that could not become a punch. The terminal is told that they arrived, or it would never send anything else again. One that
-- somebody has decided to leave out stays on record, so that it is recognised when the terminal sends it again.
CREATE TABLE device_rejects (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  device_id uuid NOT NULL,
  line text NOT NULL,
  line_hash bytea NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  dismissed_at timestamptz,
  dismissed_by uuid,
  dismissal text,
  CONSTRAINT device_rejects_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT device_rejects_device_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT device_rejects_dismissed_whole
    CHECK ((dismissed_at IS NULL) = (dismissed_by IS NULL) AND (dismissed_at IS NULL) = (dismissal IS NULL))
);
CREATE UNIQUE INDEX device_rejects_line_unique ON device_rejects (tenant_id, device_id, line_hash);
SELECT protect_tenant_table('device_rejects', $$
  INSERT (tenant_id, device_id, line, line_hash, reason, detail), UPDATE (dismissed_at, dismissed_by, dismissal), DELETE$$);

-- Serial numbers that called and belong to nobody, so that no tenant can own the row. How many there are is bounded by what writes them.
CREATE TABLE unclaimed_devices (
  serial_number text NOT NULL,
  address inet NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  calls integer NOT NULL DEFAULT 1,
  CONSTRAINT unclaimed_devices_pkey PRIMARY KEY (serial_number, address)
);
CREATE INDEX unclaimed_devices_seen ON unclaimed_devices (last_seen_at);
GRANT SELECT, INSERT (serial_number, address), UPDATE (last_seen_at, calls), DELETE ON unclaimed_devices TO rollcall_runtime;

-- Serial numbers that more than one tenant proves, so that no tenant can own the row: the operator of the platform decides. Bounded like
-- the table above.
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
GRANT SELECT, INSERT (serial_number, address, claimed_by),
  UPDATE (address, claimed_by, last_disputed_at, awarded_to, reason, decided_by, decided_at), DELETE
  ON disputed_serials TO rollcall_runtime;

-- Which terminals have this serial number and this secret; without a secret, those that may call by their serial number alone.
CREATE FUNCTION device_places(wanted_serial text, wanted_hash bytea) RETURNS TABLE (tenant_id uuid, device_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.tenant_id, d.id FROM public.devices d JOIN public.tenants t ON t.id = d.tenant_id
   WHERE d.serial_number = wanted_serial AND d.status <> 'retired' AND t.status = 'active'
     AND CASE WHEN wanted_hash IS NULL THEN d.serial_only ELSE d.secret_hash = wanted_hash END
   ORDER BY d.id LIMIT 2
$$;
SELECT look_across_tenants('device_places(text, bytea)');

-- Whom a serial number alone may lead to, whatever the tenant; where the call comes from decides among them.
CREATE FUNCTION serial_claims(wanted_serial text)
  RETURNS TABLE (tenant_id uuid, device_id uuid, allowed jsonb, proven text[], admitted_from text, admitted_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.tenant_id, d.id, coalesce(t.settings, '{}')::jsonb -> 'allowedNetworks', d.proven_networks, host(d.admitted_from), d.admitted_at
    FROM public.devices d JOIN public.tenants t ON t.id = d.tenant_id
   WHERE d.serial_number = wanted_serial AND d.status <> 'retired' AND t.status = 'active' AND d.serial_only
   ORDER BY d.admitted_at, d.id LIMIT 200
$$;
SELECT look_across_tenants('serial_claims(text)');

-- Whether a text is a network or an address: PostgreSQL 16 says so itself, 15 has to try.
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 160000 THEN
    CREATE FUNCTION is_network(text) RETURNS boolean LANGUAGE sql STABLE AS $f$ SELECT pg_input_is_valid($1, 'inet') $f$;
  ELSE
    CREATE FUNCTION is_network(text) RETURNS boolean LANGUAGE plpgsql STABLE AS $f$
    BEGIN
      RETURN $1::inet IS NOT NULL;
    EXCEPTION WHEN invalid_text_representation THEN RETURN false;
    END $f$;
  END IF;
END $$;

-- Networks are each tenant's own word, so that one may list another's. Who lists a network around an address, whatever the tenant; how
-- narrow a network must be to say anything is for the asker to judge. What is no network is left out.
CREATE FUNCTION network_listings(wanted inet[]) RETURNS TABLE (address text, tenant_id uuid, network text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT host(a.address), t.id, n.network FROM public.tenants t
   CROSS JOIN LATERAL jsonb_array_elements_text(
     CASE jsonb_typeof(t.settings -> 'allowedNetworks') WHEN 'array' THEN t.settings -> 'allowedNetworks' ELSE '[]' END) n (network)
   CROSS JOIN unnest(wanted) a (address)
   WHERE t.status = 'active' AND CASE WHEN public.is_network(n.network) THEN a.address <<= n.network::inet ELSE false END
$$;
SELECT look_across_tenants('network_listings(inet[])');

-- How many terminals in use have a wrong clock or have not called for an hour, over all tenants: counts, and nothing of whose they are. One
-- that has been silent for a month is out of use.
CREATE FUNCTION terminal_health(skew_bound_ms bigint) RETURNS TABLE (skewed integer, silent integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*) FILTER (WHERE d.clock_doubted_at IS NOT NULL OR abs(d.skew_ms) > skew_bound_ms)::integer,
    count(*) FILTER (WHERE d.last_seen_at BETWEEN now() - interval '30 days' AND now() - interval '1 hour')::integer
    FROM public.devices d JOIN public.tenants t ON t.id = d.tenant_id WHERE d.status = 'active' AND t.status = 'active'
$$;
SELECT look_across_tenants('terminal_health(bigint)');

-- Down Migration
DROP FUNCTION terminal_health(bigint);
DROP FUNCTION network_listings(inet[]);
DROP FUNCTION is_network(text);
DROP FUNCTION serial_claims(text);
DROP FUNCTION device_places(text, bytea);
DROP TABLE disputed_serials;
DROP TABLE unclaimed_devices;
DROP TABLE device_rejects;
DROP TABLE device_offsets;
DROP TABLE pin_bindings;
REVOKE SELECT (settings) ON tenants FROM rollcall_directory;
DROP TABLE devices;
