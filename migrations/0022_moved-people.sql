-- Up Migration
-- Shifts are frozen instants of the zone and the employment they were made with. Where a person moves to another zone, or leaves on another
-- date, those that have not begun go, and the clock gives the schedules new ones within a minute. What has begun, and what lies in a closed
-- pay period, stays as it was worked.
CREATE FUNCTION move_shifts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE today date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
  DELETE FROM shift_instances s WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.work_date >= today AND s.window_start > now()
     AND NOT EXISTS (SELECT FROM pay_periods p WHERE p.tenant_id = s.tenant_id AND p.status = 'closed' AND s.work_date BETWEEN p.start_date AND p.end_date);
  UPDATE schedules s SET materialised_until = least(s.materialised_until, today - 1)
   WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.status = 'published' AND (s.end_date IS NULL OR s.end_date >= today);
  RETURN NULL;
END $$;
CREATE TRIGGER users_shifts_moved AFTER UPDATE OF time_zone, left_on ON users FOR EACH ROW
  WHEN (NEW.status = 'active' AND (OLD.time_zone, OLD.left_on) IS DISTINCT FROM (NEW.time_zone, NEW.left_on)) EXECUTE FUNCTION move_shifts();

-- Of people who are there: the schedules of others stay behind for good, and would be looked at every minute.
GRANT SELECT (employee_id) ON schedules TO rollcall_directory;
CREATE OR REPLACE FUNCTION tenants_to_materialise(until date) RETURNS TABLE (tenant_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT s.tenant_id FROM public.schedules s JOIN public.users u ON u.tenant_id = s.tenant_id AND u.id = s.employee_id
   WHERE s.status = 'published' AND s.materialised_until < until AND (s.end_date IS NULL OR s.materialised_until < s.end_date) AND u.status = 'active'
$$;

-- Down Migration
CREATE OR REPLACE FUNCTION tenants_to_materialise(until date) RETURNS TABLE (tenant_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT s.tenant_id FROM public.schedules s
   WHERE s.status = 'published' AND s.materialised_until < until AND (s.end_date IS NULL OR s.materialised_until < s.end_date)
$$;
REVOKE SELECT (employee_id) ON schedules FROM rollcall_directory;
DROP TRIGGER users_shifts_moved ON users;
DROP FUNCTION move_shifts();
