-- Up Migration
-- A session keeps the plan that this trigger was given at its first update. Given for the one punch of a correction, the join of what a
-- statement changed with what it had been is a loop within a loop: of 10,000 punches that a rollback makes void it took 10 seconds.
CREATE OR REPLACE FUNCTION punches_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(period_lock_key(t.tenant_id)) FROM (SELECT DISTINCT c.tenant_id FROM changed c) t;
  IF EXISTS (SELECT FROM (SELECT c.tenant_id, (min(c.occurred_at) AT TIME ZONE 'UTC')::date AS earliest, (max(c.occurred_at) AT TIME ZONE 'UTC')::date AS latest
      FROM changed c GROUP BY c.tenant_id) t JOIN pay_periods p ON p.tenant_id = t.tenant_id
      WHERE p.status = 'closed' AND p.end_date > t.earliest AND p.start_date < t.latest) THEN
    SELECT c.occurred_at INTO closed FROM changed c CROSS JOIN LATERAL (SELECT FROM pay_periods p
        WHERE p.tenant_id = c.tenant_id AND p.status = 'closed' AND p.end_date > (c.occurred_at AT TIME ZONE 'UTC')::date
          AND p.start_date < (c.occurred_at AT TIME ZONE 'UTC')::date LIMIT 1) p
      WHERE c.status IN ('active', 'superseded', 'deleted') LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'The pay period of % is closed', closed USING ERRCODE = '23514', CONSTRAINT = 'period_closed';
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT DISTINCT c.tenant_id, c.employee_id, (c.occurred_at AT TIME ZONE 'UTC')::date FROM changed c WHERE c.status <> 'quarantined';
  ELSE
    -- Who and when is fixed for a punch, so what counted before or counts now is all there is to know of it.
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT t.tenant_id, t.employee_id, (t.occurred_at AT TIME ZONE 'UTC')::date FROM (
        SELECT c.tenant_id, c.employee_id, c.occurred_at FROM changed c WHERE c.status NOT IN ('quarantined', 'void')
        UNION ALL
        SELECT b.tenant_id, b.employee_id, b.occurred_at FROM before b WHERE b.status NOT IN ('quarantined', 'void')) t
       GROUP BY 1, 2, 3;
  END IF;
  RETURN NULL;
END $$;

-- Down Migration
CREATE OR REPLACE FUNCTION punches_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(period_lock_key(t.tenant_id)) FROM (SELECT DISTINCT c.tenant_id FROM changed c) t;
  IF EXISTS (SELECT FROM (SELECT c.tenant_id, (min(c.occurred_at) AT TIME ZONE 'UTC')::date AS earliest, (max(c.occurred_at) AT TIME ZONE 'UTC')::date AS latest
      FROM changed c GROUP BY c.tenant_id) t JOIN pay_periods p ON p.tenant_id = t.tenant_id
      WHERE p.status = 'closed' AND p.end_date > t.earliest AND p.start_date < t.latest) THEN
    SELECT c.occurred_at INTO closed FROM changed c CROSS JOIN LATERAL (SELECT FROM pay_periods p
        WHERE p.tenant_id = c.tenant_id AND p.status = 'closed' AND p.end_date > (c.occurred_at AT TIME ZONE 'UTC')::date
          AND p.start_date < (c.occurred_at AT TIME ZONE 'UTC')::date LIMIT 1) p
      WHERE c.status IN ('active', 'superseded', 'deleted') LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'The pay period of % is closed', closed USING ERRCODE = '23514', CONSTRAINT = 'period_closed';
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT DISTINCT c.tenant_id, c.employee_id, (c.occurred_at AT TIME ZONE 'UTC')::date FROM changed c WHERE c.status <> 'quarantined';
  ELSE
    INSERT INTO dirty_days (tenant_id, employee_id, day)
      SELECT DISTINCT c.tenant_id, c.employee_id, (c.occurred_at AT TIME ZONE 'UTC')::date
        FROM changed c JOIN before b ON b.tenant_id = c.tenant_id AND b.id = c.id
       WHERE NOT (b.status IN ('quarantined', 'void') AND c.status IN ('quarantined', 'void'));
  END IF;
  RETURN NULL;
END $$;
