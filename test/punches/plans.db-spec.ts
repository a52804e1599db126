import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import {
  lockEmployees,
  checkDates,
  readAdjacent,
  readTenants,
} from '../../src/attendance/punches/recording.statements';
import { enterGroup } from '../../src/database/unit-of-work';
import { find as findKeys } from '../../src/idempotency/key-store';
import type { Statement } from '../../src/database/statement';
import { TestDatabase } from '../support/database';

let database: TestDatabase;
let runtime: Client;
const tenants = [randomUUID(), randomUUID()];
const people = [randomUUID(), randomUUID()];

beforeAll(async () => {
  database = await TestDatabase.create();
  await database.sql('INSERT INTO tenants (id, slug, name) VALUES ($1, $3, $3), ($2, $4, $4)', [
    ...tenants,
    'one',
    'two',
  ]);
  await database.sql('INSERT INTO users (tenant_id, id, name) VALUES ($1, $3, $5), ($2, $4, $5)', [
    ...tenants,
    ...people,
    'Somebody',
  ]);
  runtime = new Client({ connectionString: database.urls.runtime });
  await runtime.connect();
});
afterAll(async () => {
  await runtime.end();
  await database.drop();
});

const now = '2026-03-10T09:00:00Z';
const questions: [string, Statement, unknown[], string[]][] = [
  ['lock the employees', lockEmployees, [tenants, people], ['users_pkey']],
  ['read the tenants', readTenants, [tenants], ['tenants_pkey', 'pay_periods_closed']],
  [
    'read the doubtful dates',
    checkDates,
    [tenants, ['2026-03-10', '2026-03-11'], people, ['in', 'out'], [now, now]],
    ['pay_periods_closed', 'punches_listing'],
  ],
  [
    'read the neighbours',
    readAdjacent,
    [tenants, people, ['in', 'out'], [2, 1], [now, null], ['client:x', null]],
    ['punches_presence', 'punches_presence', 'punches_presence', 'punches_dedupe_unique'],
  ],
  ['find the keys', findKeys, [tenants, [Buffer.alloc(32), Buffer.alloc(32, 1)]], ['idempotency_keys_pkey']],
];

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: PlanNode[];
}

/** The plan that the group transaction gets, generic, as the writer. */
async function nodesOf(statement: Statement, values: unknown[]): Promise<PlanNode[]> {
  await runtime.query('BEGIN');
  try {
    await runtime.query(enterGroup.text, [`{${tenants.join(',')}}`, '2000', '5000', '5000']);
    const { rows } = await runtime.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (FORMAT JSON) ${statement.text}`,
      values,
    );
    const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];
    return rows[0] ? all(rows[0]['QUERY PLAN'][0].Plan) : [];
  } finally {
    await runtime.query('ROLLBACK');
  }
}

const bulk = (
  count: number,
) => `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, created_by)
  SELECT '${tenants[0] ?? ''}', gen_random_uuid(), '${people[0] ?? ''}', CASE n % 2 WHEN 0 THEN 'in' ELSE 'out' END,
    timestamptz '2026-01-01' + n * interval '1 minute', now(), 0, 'import', '{}', '${people[0] ?? ''}' FROM generate_series(1, ${count}) n`;

/** What the statistics may say, from the first punch of a new customer to a bulk load a second ago. */
const worlds: [string, string[]][] = [
  ['nothing was ever stored or analysed', []],
  ['the tables were analysed while they were empty', ['ANALYZE']],
  ['a hundred thousand punches came in since', [bulk(100_000)]],
  ['and were analysed', ['ANALYZE']],
  [
    'and all but a few were of one person',
    [`ALTER TABLE punches ALTER employee_id SET STATISTICS 1`, 'ANALYZE punches'],
  ],
];

describe('the plans of a group commit cannot tip over', () => {
  it.each(worlds)('when %s', async (_, sql) => {
    for (const line of sql) await database.sql(line);
    for (const [what, statement, values, indexes] of questions) {
      const nodes = await nodesOf(statement, values);
      const scans = nodes.filter(
        (node) => /Scan$/.test(node['Node Type']) && !/^(Function|Subquery|CTE|Result)/.test(node['Node Type']),
      );
      const used = scans.map((node) =>
        `${node['Node Type']} ${node['Index Name'] ?? ''}`.replace(/^Index (Only )?Scan( Backward)? /, ''),
      );
      expect([what, used]).toEqual([what, indexes]);
      expect([
        what,
        nodes.map((node) => node['Node Type']).filter((type) => /Sort|Hash|Merge|Bitmap|Seq/.test(type)),
      ]).toEqual([what, []]);
      for (const scan of scans)
        expect([what, scan['Index Cond']]).toEqual([
          what,
          expect.stringMatching(/tenant_id = \w+\.(tenant_id|id)|\(id = k\.id\)/),
        ]);
    }
  });
});
