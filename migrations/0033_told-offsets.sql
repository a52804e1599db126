-- Up Migration
-- The offsets that a terminal was told at its sign-ons: until told another one, its clock shows this one, whatever its zone does.
CREATE TABLE device_offsets (
  tenant_id uuid NOT NULL,
  device_id uuid NOT NULL,
  told_at timestamptz NOT NULL DEFAULT now(),
  offset_minutes integer NOT NULL,
  -- Its last sign-on that was answered with the same offset.
  confirmed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT device_offsets_pkey PRIMARY KEY (tenant_id, device_id, told_at),
  CONSTRAINT device_offsets_device_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT device_offsets_possible CHECK (offset_minutes BETWEEN -1080 AND 1080)
);
ALTER TABLE device_offsets ENABLE ROW LEVEL SECURITY;
ALTER TABLE device_offsets FORCE ROW LEVEL SECURITY;
CREATE POLICY device_offsets_own ON device_offsets TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT (tenant_id, device_id, offset_minutes), UPDATE (confirmed_at), DELETE ON device_offsets TO rollcall_runtime;

-- A line that somebody has decided to leave out stays on record, so that it is recognised when the terminal sends it again.
ALTER TABLE device_rejects ADD COLUMN dismissed_at timestamptz, ADD COLUMN dismissed_by uuid, ADD COLUMN dismissal text,
  ADD CONSTRAINT device_rejects_dismissed_whole CHECK ((dismissed_at IS NULL) = (dismissed_by IS NULL) AND (dismissed_at IS NULL) = (dismissal IS NULL));
GRANT UPDATE (dismissed_at, dismissed_by, dismissal) ON device_rejects TO rollcall_runtime;

-- Down Migration
ALTER TABLE device_rejects DROP CONSTRAINT device_rejects_dismissed_whole, DROP COLUMN dismissed_at, DROP COLUMN dismissed_by, DROP COLUMN dismissal;
DROP TABLE device_offsets;
