-- Up Migration
-- An idempotencyKey stands for one file. The file itself is kept for seven days, its key for ever; batches from before have no hash.
ALTER TABLE import_batches ADD COLUMN file_sha256 bytea;
GRANT INSERT (file_sha256) ON import_batches TO rollcall_runtime;
-- Whose rows the file of an export holds: an org unit's, or without one those of the whole tenant. Its link works for as long as
-- whoever asked may see them.
ALTER TABLE export_jobs ADD COLUMN unit_id uuid;
GRANT UPDATE (unit_id) ON export_jobs TO rollcall_runtime;

-- Down Migration
ALTER TABLE export_jobs DROP COLUMN unit_id;
ALTER TABLE import_batches DROP COLUMN file_sha256;
