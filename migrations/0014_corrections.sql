-- Up Migration
-- Somebody says what should have been punched; somebody else decides. Applied as new facts that point at the old ones.
CREATE TABLE correction_requests (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  kind text NOT NULL,
  punch_id uuid,
  punch_version integer,
  -- { type, occurredAt } of the punch as it was and as it is wanted.
  before jsonb,
  after jsonb,
  reason text NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  requested_by uuid NOT NULL,
  decided_by uuid,
  decided_at timestamptz,
  decision_note text,
  applied_punch_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT correction_requests_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT correction_requests_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT correction_requests_punch_fkey FOREIGN KEY (tenant_id, punch_id) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT correction_requests_applied_fkey FOREIGN KEY (tenant_id, applied_punch_id) REFERENCES punches (tenant_id, id)
    ON DELETE RESTRICT,
  CONSTRAINT correction_requests_kind_known CHECK (kind IN ('missing_punch', 'changed_time', 'removed_punch')),
  CONSTRAINT correction_requests_status_known CHECK (status IN ('pending', 'approved', 'rejected', 'cancelled'))
);
CREATE INDEX correction_requests_listing ON correction_requests (tenant_id, id DESC);
CREATE INDEX correction_requests_of ON correction_requests (tenant_id, employee_id, id DESC);
SELECT protect_tenant_table('correction_requests', $$
  INSERT (tenant_id, id, employee_id, kind, punch_id, punch_version, before, after, reason, requested_by),
  UPDATE (status, decided_by, decided_at, decision_note, applied_punch_id, version, updated_at)$$);

-- Down Migration
DROP TABLE correction_requests;
