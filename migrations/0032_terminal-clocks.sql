-- Up Migration
-- Whether the clock of a terminal can be believed: since when it has called without a gap, when it last told a punch at once,
-- and since when lines of it are held because its clock is in doubt (null again once a line arrives that is right).
ALTER TABLE devices ADD COLUMN contact_since timestamptz, ADD COLUMN live_at timestamptz, ADD COLUMN clock_doubted_at timestamptz;
GRANT UPDATE (contact_since, live_at, clock_doubted_at) ON devices TO rollcall_runtime;

-- Down Migration
ALTER TABLE devices DROP COLUMN contact_since, DROP COLUMN live_at, DROP COLUMN clock_doubted_at;
