-- Up Migration
-- Networks are each tenant's own word, so that one may list another's. Who lists a network around an address, whatever the tenant; how
-- narrow a network must be to say anything is for the asker to judge. What is no network is left out.
CREATE FUNCTION network_listings(wanted inet[]) RETURNS TABLE (address text, tenant_id uuid, network text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT host(a.address), t.id, n.network FROM public.tenants t
   CROSS JOIN LATERAL jsonb_array_elements_text(
     CASE jsonb_typeof(t.settings -> 'allowedNetworks') WHEN 'array' THEN t.settings -> 'allowedNetworks' ELSE '[]' END) n (network)
   CROSS JOIN unnest(wanted) a (address)
   WHERE t.status = 'active' AND CASE WHEN pg_input_is_valid(n.network, 'inet') THEN a.address <<= n.network::inet ELSE false END
$$;
GRANT CREATE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION network_listings(inet[]) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION network_listings(inet[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network_listings(inet[]) TO rollcall_runtime;

-- Where a terminal was last let in by its serial number alone, and since when it has been: it goes on from there when somebody disputes it.
ALTER TABLE devices ADD COLUMN admitted_from inet, ADD COLUMN admitted_at timestamptz,
  ADD CONSTRAINT devices_admitted_whole CHECK (num_nulls(admitted_from, admitted_at) IN (0, 2));
GRANT UPDATE (admitted_from, admitted_at) ON devices TO rollcall_runtime;
GRANT SELECT (admitted_from, admitted_at) ON devices TO rollcall_directory;

CREATE FUNCTION serial_claims(wanted_serial text)
  RETURNS TABLE (tenant_id uuid, device_id uuid, allowed jsonb, proven text[], admitted_from text, admitted_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT d.tenant_id, d.id, coalesce(t.settings, '{}')::jsonb -> 'allowedNetworks', d.proven_networks, host(d.admitted_from), d.admitted_at
    FROM public.devices d JOIN public.tenants t ON t.id = d.tenant_id
   WHERE d.serial_number = wanted_serial AND d.status <> 'retired' AND t.status = 'active' AND d.serial_only
   ORDER BY d.admitted_at, d.id LIMIT 200
$$;
GRANT CREATE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION serial_claims(text) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION serial_claims(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION serial_claims(text) TO rollcall_runtime;

-- Down Migration
DROP FUNCTION serial_claims(text);
DROP FUNCTION network_listings(inet[]);
REVOKE SELECT (admitted_from, admitted_at) ON devices FROM rollcall_directory;
ALTER TABLE devices DROP COLUMN admitted_from, DROP COLUMN admitted_at;
