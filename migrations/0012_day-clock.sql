-- Up Migration
-- The clock of the days: what time alone has changed. Days, shifts and leave say in `due_at` when they have to be looked at although
-- nobody punches. This marks what has become due, at most `batch` of each kind, and answers how many. Two replicas never mark the same row.
CREATE FUNCTION mark_due_days(batch integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE made integer; more integer;
BEGIN
  WITH due AS (
    UPDATE day_records SET due_at = NULL WHERE (tenant_id, employee_id, work_date) IN (
      SELECT d.tenant_id, d.employee_id, d.work_date FROM day_records d WHERE d.due_at <= now()
        ORDER BY d.due_at LIMIT batch FOR UPDATE SKIP LOCKED) AND due_at IS NOT NULL
    RETURNING tenant_id, employee_id, work_date)
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT tenant_id, employee_id, work_date FROM due;
  GET DIAGNOSTICS made = ROW_COUNT;
  WITH due AS (
    UPDATE shift_instances SET due_at = NULL WHERE (tenant_id, employee_id, work_date, due_at) IN (
      SELECT s.tenant_id, s.employee_id, s.work_date, s.due_at FROM shift_instances s WHERE s.due_at <= now()
        ORDER BY s.due_at LIMIT batch FOR UPDATE SKIP LOCKED) AND due_at IS NOT NULL
    RETURNING tenant_id, employee_id, work_date)
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT tenant_id, employee_id, work_date FROM due;
  GET DIAGNOSTICS more = ROW_COUNT;
  made := made + more;
  WITH due AS (
    UPDATE leave_entries SET due_at = NULL WHERE (tenant_id, employee_id, work_date, due_at) IN (
      SELECT l.tenant_id, l.employee_id, l.work_date, l.due_at FROM leave_entries l WHERE l.due_at <= now()
        AND NOT EXISTS (SELECT FROM pay_periods p
          WHERE p.tenant_id = l.tenant_id AND p.status = 'closed' AND l.work_date BETWEEN p.start_date AND p.end_date)
        ORDER BY l.due_at LIMIT batch FOR UPDATE SKIP LOCKED) AND due_at IS NOT NULL
    RETURNING tenant_id, employee_id, work_date)
  INSERT INTO dirty_days (tenant_id, employee_id, day) SELECT tenant_id, employee_id, work_date FROM due;
  GET DIAGNOSTICS more = ROW_COUNT;
  RETURN made + more;
END $$;
SELECT look_across_tenants('mark_due_days(integer)');

-- Down Migration
DROP FUNCTION mark_due_days(integer);
