import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import {
  lockPeople,
  byPlace,
  readKnown,
  readWaiting,
  replacePunches,
} from '../../src/attendance/imports/comparing/comparing.statements';
import { closedReplaced, findDependent, reinstate } from '../../src/attendance/imports/rollback/replaced-punches';
import type { Statement } from '../../src/database/statement';
import { TestDatabase } from '../support/database';

let database: TestDatabase;
let runtime: Client;
const [tenant, person, batch] = [randomUUID(), randomUUID(), randomUUID()];

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.sql(`INSERT INTO tenants (id, slug, name) VALUES ($1, 'one', 'one')`, [tenant]);
  await database.sql(`INSERT INTO users (tenant_id, id, name) VALUES ($1, $2, 'Somebody')`, [tenant, person]);
  await database.sql(
    `INSERT INTO import_batches (tenant_id, id, file_id, file_name, options, status, created_by) VALUES ($1, $2, $2, 'x', '{}', 'running', $3)`,
    [tenant, batch, person],
  );
  runtime = new Client({ connectionString: database.urls.runtime });
  await runtime.connect();
});
afterAll(async () => {
  await runtime.end();
  await database.drop();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: PlanNode[];
}
const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];
const byIndex = `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
  set_config('enable_sort', 'off', true), set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;

async function nodesOf(statement: Statement, values: unknown[]): Promise<PlanNode[]> {
  await runtime.query('BEGIN');
  try {
    await runtime.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant]);
    await runtime.query(byIndex);
    await runtime.query(byPlace.text);
    const { rows } = await runtime.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (FORMAT JSON) ${statement.text}`,
      values,
    );
    return rows[0] ? all(rows[0]['QUERY PLAN'][0].Plan) : [];
  } finally {
    await runtime.query('ROLLBACK');
  }
}

const instants = [Date.UTC(2026, 2, 2) / 1000, Date.UTC(2026, 2, 3) / 1000];
const known = 'import_replaced_punch';
const questions: [string, Statement, unknown[], string[]][] = [
  ['lock the people', lockPeople, [tenant, [person]], ['users_pkey']],
  [
    'read what stands',
    readKnown,
    [tenant, [person], [instants[0]], [instants[1]], batch],
    ['punches_presence', 'punches_settled_of', known],
  ],
  ['read what waits', readWaiting, [tenant, [person], ...instants, batch], ['punches_quarantined']],
  ['replace', replacePunches, [tenant, batch, person, '[]', '[]'], ['punches_pkey', 'Tid Scan']],
  [
    'reinstate',
    reinstate,
    [tenant, batch, '0', '99'],
    ['import_replaced_pkey', 'punches_pkey', 'punches_pkey', 'Tid Scan', known],
  ],
  [
    'find what stands on it',
    findDependent,
    [tenant, batch],
    ['punches_settled_of', known, 'import_replaced_pkey', 'punches_pkey', known],
  ],
  [
    'find what was closed',
    closedReplaced,
    [tenant, batch],
    ['import_replaced_pkey', 'punches_pkey', 'pay_periods_closed'],
  ],
];

const bulk = (
  count: number,
) => `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags,
    created_by, import_batch_id, import_line)
  SELECT '${tenant}', gen_random_uuid(), '${person}', CASE n % 2 WHEN 0 THEN 'in' ELSE 'out' END,
    timestamptz '2026-01-01' + n * interval '1 minute', now(), 0, 'import', '{}', '${person}', '${batch}', n FROM generate_series(1, ${count}) n`;

/** What the statistics may say, from a new customer to a bulk load a second ago. */
const worlds: [string, string[]][] = [
  ['nothing was ever stored or analysed', []],
  ['the tables were analysed while they were empty', ['ANALYZE']],
  ['a hundred thousand punches came in since', [bulk(100_000)]],
  ['and were analysed', ['ANALYZE']],
];

describe('the plans of comparing and of restoring cannot tip over', () => {
  it.each(worlds)('when %s', async (_, sql) => {
    for (const line of sql) await database.sql(line);
    for (const [what, statement, values, scans] of questions) {
      const nodes = await nodesOf(statement, values);
      const types = nodes.map((node) => node['Node Type']);
      const used = nodes
        .filter((node) => /Scan$/.test(node['Node Type']) && !/^(Function|Subquery|CTE|Result)/.test(node['Node Type']))
        .map((node) => node['Index Name'] ?? node['Node Type']);
      expect([what, used]).toEqual([what, scans]);
      expect([what, types.filter((type) => /Sort|Hash|Merge|Bitmap|Seq/.test(type))]).toEqual([what, []]);
    }
  });
});
