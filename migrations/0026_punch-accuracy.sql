-- Up Migration
-- How exact a device says that its position is, in meters: what a fence makes of a punch can be told again.
ALTER TABLE punches ADD COLUMN accuracy_meters double precision;
GRANT INSERT (accuracy_meters) ON punches TO rollcall_runtime, rollcall_writer;

-- Down Migration
ALTER TABLE punches DROP COLUMN accuracy_meters;
