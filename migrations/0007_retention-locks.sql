-- Up Migration
-- Deleting in batches passes over rows that somebody holds (FOR UPDATE SKIP LOCKED), and locking a row asks for the right to
-- update a column of it. Row-level security admits expired rows only, before and after. The request trail needs no lock:
-- nobody updates it, so nobody may.
GRANT UPDATE (expires_at) ON idempotency_keys, refresh_tokens TO rollcall_retention;

-- Down Migration
REVOKE UPDATE (expires_at) ON idempotency_keys, refresh_tokens FROM rollcall_retention;
