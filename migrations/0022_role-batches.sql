-- Up Migration
-- What a batch of roles changed, so that it can be undone as a whole: only those whose role it gave or took.
CREATE TABLE role_batches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  action text NOT NULL,
  role text NOT NULL,
  user_ids uuid[] NOT NULL,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  undone_by uuid,
  undone_at timestamptz,
  CONSTRAINT role_batches_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT role_batches_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT role_batches_created_by_fkey FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT role_batches_undone_by_fkey FOREIGN KEY (tenant_id, undone_by) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT role_batches_action_known CHECK (action IN ('assign', 'unassign')),
  CONSTRAINT role_batches_undone_whole CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
SELECT protect_tenant_table('role_batches',
  'INSERT (tenant_id, action, role, user_ids, created_by), UPDATE (undone_by, undone_at)');

-- Down Migration
DROP TABLE role_batches;
