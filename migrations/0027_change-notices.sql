-- Up Migration
-- Replicas remember for some seconds who may do what. These triggers say what they have to forget, to whoever listens on rollcall_changes:
-- a tenant, or a tenant and somebody in it. Identifiers alone, for every login of the database may listen. Nothing is said of a change that
-- is rolled back, and nothing of what nobody remembers, such as a new person.

-- The argument is the column that holds whom it is about; without one, it is about the tenant.
CREATE FUNCTION announce_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
  PERFORM pg_notify('rollcall_changes', concat_ws(' ', coalesce(changed ->> 'tenant_id', changed ->> 'id'), changed ->> TG_ARGV[0]));
  RETURN NULL;
END $$;

CREATE TRIGGER users_change_announced AFTER UPDATE ON users FOR EACH ROW
  WHEN ((OLD.status, OLD.org_unit_id, OLD.name, OLD.email) IS DISTINCT FROM (NEW.status, NEW.org_unit_id, NEW.name, NEW.email))
  EXECUTE FUNCTION announce_change('id');
CREATE TRIGGER user_roles_change_announced AFTER INSERT OR DELETE ON user_roles FOR EACH ROW EXECUTE FUNCTION announce_change('user_id');
CREATE TRIGGER roles_change_announced AFTER UPDATE ON roles FOR EACH ROW
  WHEN (OLD.permissions IS DISTINCT FROM NEW.permissions) EXECUTE FUNCTION announce_change();
CREATE TRIGGER tenants_change_announced AFTER UPDATE ON tenants FOR EACH ROW
  WHEN ((OLD.status, OLD.name, OLD.time_zone, OLD.settings) IS DISTINCT FROM (NEW.status, NEW.name, NEW.time_zone, NEW.settings))
  EXECUTE FUNCTION announce_change();

-- Down Migration
DROP TRIGGER tenants_change_announced ON tenants;
DROP TRIGGER roles_change_announced ON roles;
DROP TRIGGER user_roles_change_announced ON user_roles;
DROP TRIGGER users_change_announced ON users;
DROP FUNCTION announce_change();
