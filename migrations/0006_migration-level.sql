-- Up Migration
-- Readiness compares this list with the files of the build.
GRANT SELECT ON migrations TO rollcall_runtime;

-- Down Migration
REVOKE SELECT ON migrations FROM rollcall_runtime;
