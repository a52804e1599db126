-- Up Migration
-- What is asked of the ledger is mostly not "which punches were recorded", and what stands in it mostly is: these two find
-- everything else by entity and by action. Partial, so that recording a punch does not write them.
CREATE INDEX audit_logs_rare_entity ON audit_logs (tenant_id, entity, id) WHERE NOT (entity = 'punch' AND action = 'create');
CREATE INDEX audit_logs_rare_action ON audit_logs (tenant_id, action, id) WHERE NOT (entity = 'punch' AND action = 'create');

-- Down Migration
DROP INDEX audit_logs_rare_action;
DROP INDEX audit_logs_rare_entity;
