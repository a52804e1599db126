-- Up Migration
-- Who could speak for a terminal beside whoever registered it: those who were given its secret, or opened it to its serial number alone.
ALTER TABLE devices ADD COLUMN secret_holders uuid[] NOT NULL DEFAULT '{}';
GRANT UPDATE (secret_holders) ON devices TO rollcall_runtime;

-- Down Migration
ALTER TABLE devices DROP COLUMN secret_holders;
