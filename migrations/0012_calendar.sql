-- Up Migration
-- A holiday may be moved to another date or org unit. Where it goes to must be as open as where it was.
GRANT UPDATE (work_date, org_unit_id) ON holidays TO rollcall_runtime;
CREATE TRIGGER holidays_closed_moved AFTER UPDATE ON holidays REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days();
-- Lists page by date.
CREATE INDEX leave_entries_listing ON leave_entries (tenant_id, work_date, id);

-- Down Migration
DROP INDEX leave_entries_listing;
DROP TRIGGER holidays_closed_moved ON holidays;
REVOKE UPDATE (work_date, org_unit_id) ON holidays FROM rollcall_runtime;
