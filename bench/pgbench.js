// The reference: pgbench -M prepared, one transaction for each punch, on the same tables with the same rights and policies.
const { spawnSync } = require('node:child_process');
const { writeFileSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const tenant = (n) => `('00000000-0000-7000-9000-' || lpad((${n})::text, 12, '0'))::uuid`;
const person = (n) => `('00000000-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

// pgbench takes every ":word" for a variable, also inside a string: colons are written as escapes.
const literal = (text) => `U&'${text.replaceAll('\\', '\\\\').replaceAll(':', '\\003a')}'`;

const canonical = literal(
  `{"action":"create","changes":{"after":{"deviceOffsetMinutes":0,"employeeId":"00000000-0000-7000-8000-000000000001","flags":[],"occurredAt":"2026-10-11T22:37:16.248Z","receivedAt":"2026-11-20T22:37:16.248Z","skewMs":3456000000,"source":"api","type":"in"},"before":null},"employeeId":"00000000-0000-7000-8000-000000000001","entity":"punch","entityId":"01a1fb1b-5a61-773a-9e06-c19b6cdb69ac","exceptionId":null,"ip":"127.0.0.1","onBehalfOf":null,"outcome":"success","punchId":"01a1fb1b-5a61-773a-9e06-c19b6cdb69ac","requestId":"01a1fb1b-5a39-71d8-83d1-d942e2d809a5","tenantId":"00000000-0000-7000-9000-000000000001","userId":"00000000-0000-7000-8000-000000000001"}`,
);
const changes = literal(
  `{"before":null,"after":{"deviceOffsetMinutes":0,"employeeId":"00000000-0000-7000-8000-000000000001","flags":[],"occurredAt":"2026-10-11T22:37:16.248Z","receivedAt":"2026-11-20T22:37:16.248Z","skewMs":3456000000,"source":"api","type":"in"}}`,
);
const body = literal(
  `{"id":"01a1fb1b-5a61-773a-9e06-c19b6cdb69ac","employeeId":"00000000-0000-7000-8000-000000000001","type":"in","source":"api","deviceOffsetMinutes":0,"occurredAt":"2026-10-11T22:37:16.248Z","receivedAt":"2026-11-20T22:37:16.248Z","skewMs":3456000000,"flags":[],"status":"active","createdBy":"00000000-0000-7000-8000-000000000001","version":1}`,
);

const headers = literal(
  `{"content-type":"application/json; charset=utf-8","location":"/api/punches/01a1fb1b-5a61-773a-9e06-c19b6cdb69ac","etag":"1"}`,
);

/** What one punch costs in SQL: enter the tenant, claim the key, lock the person, read settings and neighbours, write the three rows. */
function script({ tenants, people, kind, offset }) {
  const t = tenant(`1 + :n % ${tenants}`);
  const e = person(`:n + ${offset}`);
  const reads = `
SELECT pg_try_advisory_xact_lock(:k);
SELECT fingerprint, status, headers, body, packed FROM idempotency_keys WHERE tenant_id = ${t} AND scope = sha256(int8send(:k)) AND expires_at > now();
SELECT status, org_unit_id FROM users WHERE tenant_id = ${t} AND id = ${e} FOR NO KEY UPDATE;
SELECT settings, now() FROM tenants WHERE id = ${t};
SELECT p.type, p.occurred_at FROM punches p WHERE p.tenant_id = ${t} AND p.employee_id = ${e} AND p.status = 'active' AND p.occurred_at <= now() - :s * interval '1 s' ORDER BY p.occurred_at DESC, p.type_rank DESC, p.seq DESC LIMIT 1;`;
  return `\\set n random(0, ${tenants * people - 1})
\\set k random(1, 9000000000000000000)
\\set s random(1, 3000000)
BEGIN;
SELECT set_config('app.tenant_id', ${t}::text, true), set_config('lock_timeout', '2000', true), set_config('statement_timeout', '5000', true), set_config('idle_in_transaction_session_timeout', '5000', true), set_config('client_connection_check_interval', '1000', true);${kind === 'same' ? reads : ''}
INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, flags, created_by) VALUES (${t}, new_id(), ${e}, 'in', now() - :s * interval '1 s', now(), 0, :s, 'api', '{}', ${e});
INSERT INTO idempotency_keys (tenant_id, scope, fingerprint, status, headers, body, packed, expires_at) VALUES (${t}, sha256(int8send(:k)), sha256(int8send(:k)), 201, ${headers}, convert_to(${body}, 'UTF8'), false, now() + interval '24 hours') ON CONFLICT (tenant_id, scope) DO UPDATE SET fingerprint = EXCLUDED.fingerprint WHERE idempotency_keys.expires_at <= now();
INSERT INTO audit_logs (tenant_id, user_id, action, entity, entity_id, changes, employee_id, punch_id, request_id, ip, canonical) VALUES (${t}, ${e}, 'create', 'punch', '01a1fb1b-5a61-773a-9e06-c19b6cdb69ac', ${changes}, ${e}, '01a1fb1b-5a61-773a-9e06-c19b6cdb69ac', '01a1fb1b-5a39-71d8-83d1-d942e2d809a5', '127.0.0.1', convert_to(${canonical}, 'UTF8'));
COMMIT;
`;
}

/** For some seconds, or for a number of transactions of each client. */
function pgbenchReference(stage, { connections, tenants, people, seconds, transactions, kind, offset = 0 }) {
  const file = path.join(os.tmpdir(), `rollcall-pgbench-${process.pid}.sql`);
  writeFileSync(file, script({ tenants, people, kind, offset }));
  const { host, port } = { host: '127.0.0.1', port: stage.postgres.port };
  const run = spawnSync(
    'pgbench',
    [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(connections),
      '-j',
      String(Math.min(2, connections)),
      ...(transactions === undefined ? ['-T', String(seconds)] : ['-t', String(transactions)]),
      '-f',
      file,
      '-h',
      host,
      '-p',
      String(port),
      '-U',
      stage.runtimeUser,
      'bench',
    ],
    { env: { ...process.env, PGPASSWORD: stage.runtimePassword }, encoding: 'utf8' },
  );
  rmSync(file, { force: true });
  const perSecond = Number(/tps = ([\d.]+) \(without/.exec(run.stdout)?.[1]);
  const latencyMs = Number(/latency average = ([\d.]+) ms/.exec(run.stdout)?.[1]);
  if (!Number.isFinite(perSecond)) throw new Error(`pgbench failed: ${run.stderr}${run.stdout}`);
  return { perSecond, latencyMs };
}

module.exports = { pgbenchReference };
