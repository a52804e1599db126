-- Up Migration
-- Whoever is deactivated is not expected any more: shifts that have not begun go, and are not absences later. Should they come back,
-- the horizon of their schedules goes on from that day.
CREATE FUNCTION release_shifts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM shift_instances s WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.starts_at > now();
  UPDATE schedules s SET materialised_until = least(s.materialised_until, (now() AT TIME ZONE 'UTC')::date)
   WHERE s.tenant_id = NEW.tenant_id AND s.employee_id = NEW.id AND s.status = 'published';
  RETURN NULL;
END $$;
CREATE TRIGGER users_shifts_released AFTER UPDATE OF status ON users FOR EACH ROW
  WHEN (OLD.status = 'active' AND NEW.status = 'deactivated') EXECUTE FUNCTION release_shifts();

-- Down Migration
DROP TRIGGER users_shifts_released ON users;
DROP FUNCTION release_shifts();
