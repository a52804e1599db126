-- Up Migration
-- The longest time of late for which a terminal did not call, which is where what it tells late may come from.
ALTER TABLE devices ADD COLUMN away_from timestamptz, ADD COLUMN away_until timestamptz;
GRANT UPDATE (away_from, away_until) ON devices TO rollcall_runtime;

-- Down Migration
ALTER TABLE devices DROP COLUMN away_from, DROP COLUMN away_until;
