-- Up Migration
-- What operators may know of the database as a whole: counts, times and the shapes of statements. Never a row, a parameter, or the text of
-- what somebody is doing at the moment. PostgreSQL shows a login its own statistics only, so these belong to rollcall_directory; an
-- administrator of the server lets them see the others by `GRANT pg_read_all_stats TO rollcall_directory`, and without it they see little.

-- Who is connected to this database, by the name of the process and by what the connection does. Names that are not ours are not told.
CREATE FUNCTION monitored_connections()
  RETURNS TABLE (application text, state text, connections integer, waiting integer, longest_seconds double precision)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN a.application_name ~ '^rollcall-[a-z]{1,20}$' THEN a.application_name ELSE 'others' END, coalesce(a.state, 'unknown'),
    count(*)::integer, count(*) FILTER (WHERE a.wait_event_type = 'Lock')::integer,
    coalesce(max(extract(epoch FROM clock_timestamp() - a.xact_start)), 0)::double precision
    FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_type = 'client backend' GROUP BY 1, 2 ORDER BY 1, 2
$$;
SELECT look_across_tenants('monitored_connections()');

-- What pg_stat_statements has counted in this database, the slowest or the most frequent first. It may be in any schema, or nowhere:
-- whoever calls this has looked. Statements about roles and settings are left out, because their texts may hold a password.
CREATE FUNCTION monitored_statements(by_time boolean, most integer)
  RETURNS TABLE (query text, calls double precision, total_ms double precision, min_ms double precision, max_ms double precision)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  place name := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements');
BEGIN
  RETURN QUERY EXECUTE format($q$
    SELECT left(min(s.query), 10000), sum(s.calls)::double precision, sum(s.total_exec_time), min(s.min_exec_time), max(s.max_exec_time)
      FROM %I.pg_stat_statements s
     WHERE s.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
       AND s.query ~* '^\s*(select|insert|update|delete|merge|with)\M'
     GROUP BY s.queryid ORDER BY CASE WHEN $1 THEN max(s.max_exec_time) ELSE sum(s.calls) END DESC LIMIT least($2, 100)$q$, place)
    USING by_time, most;
END $$;
SELECT look_across_tenants('monitored_statements(boolean, integer)');

-- Down Migration
DROP FUNCTION monitored_statements(boolean, integer);
DROP FUNCTION monitored_connections();
