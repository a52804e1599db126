-- Up Migration
-- How many terminals in use have a wrong clock or have not called for an hour, over all tenants: counts, and nothing of whose they are.
-- One that has been silent for a month is out of use.
GRANT SELECT (last_seen_at, skew_ms, clock_doubted_at) ON devices TO rollcall_directory;
CREATE FUNCTION terminal_health(skew_bound_ms bigint) RETURNS TABLE (skewed integer, silent integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*) FILTER (WHERE d.clock_doubted_at IS NOT NULL OR abs(d.skew_ms) > skew_bound_ms)::integer,
    count(*) FILTER (WHERE d.last_seen_at BETWEEN now() - interval '30 days' AND now() - interval '1 hour')::integer
    FROM public.devices d JOIN public.tenants t ON t.id = d.tenant_id WHERE d.status = 'active' AND t.status = 'active'
$$;
GRANT CREATE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION terminal_health(bigint) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION terminal_health(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION terminal_health(bigint) TO rollcall_runtime;

-- Down Migration
DROP FUNCTION terminal_health(bigint);
REVOKE SELECT (last_seen_at, skew_ms, clock_doubted_at) ON devices FROM rollcall_directory;
