-- Up Migration
-- The minutes that the layout of a payroll file leaves out on purpose, by source and rate: whoever fetches the file later is told.
ALTER TABLE export_jobs ADD COLUMN left_out json;
GRANT UPDATE (left_out) ON export_jobs TO rollcall_runtime;

-- Down Migration
ALTER TABLE export_jobs DROP COLUMN left_out;
