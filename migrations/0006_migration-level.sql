-- Up Migration
-- Readiness compares this list with the files of the build.
GRANT SELECT ON pgmigrations TO rollcall_runtime;

-- Down Migration
REVOKE SELECT ON pgmigrations FROM rollcall_runtime;
