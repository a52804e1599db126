-- Up Migration
-- One row for each finding, for ever: found again it is the same row. `code` and `anchor` name it within its day.
CREATE TABLE attendance_exceptions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  code text NOT NULL,
  anchor text NOT NULL,
  source text NOT NULL DEFAULT 'automatic',
  status text NOT NULL,
  occurred_at timestamptz NOT NULL,
  seconds integer NOT NULL DEFAULT 0,
  description text,
  notes text,
  resolved_by uuid,
  resolved_at timestamptz,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT attendance_exceptions_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT attendance_exceptions_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT attendance_exceptions_natural_unique UNIQUE (tenant_id, employee_id, work_date, code, anchor),
  CONSTRAINT attendance_exceptions_status_known CHECK (status IN ('premature', 'open', 'approved', 'rejected', 'cleared', 'deleted')),
  CONSTRAINT attendance_exceptions_source_known CHECK (source IN ('automatic', 'manual'))
);
CREATE INDEX attendance_exceptions_listing ON attendance_exceptions (tenant_id, work_date DESC, id DESC);
CREATE INDEX attendance_exceptions_open ON attendance_exceptions (tenant_id, work_date DESC, id DESC) WHERE status = 'open';
SELECT keep_closed_days('attendance_exceptions');
SELECT protect_tenant_table('attendance_exceptions', $$
  INSERT (tenant_id, id, employee_id, work_date, code, anchor, source, status, occurred_at, seconds, description, notes, created_by),
  UPDATE (status, occurred_at, seconds, description, notes, resolved_by, resolved_at, updated_at, version)$$);

-- Down Migration
DROP TABLE attendance_exceptions;
