import { statement } from '../database/statement';
import type { UnitOfWork } from '../database/unit-of-work';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import type { Count, Counted, SharedCounts } from './shared-counts';

/**
 * Drains each bucket by the clock of the database, at the moment at which its row is locked, and takes what fits. A clock that jumps drains
 * too much once or too little once, and nobody waits for longer than a window. Rows are locked in the order of their keys, so that replicas
 * that count the same ones take turns.
 */
const count = statement(
  'quotas.count',
  `INSERT INTO quota_counts AS c (key, used, granted, most, per_second, counted_at)
   SELECT a.key, greatest(0, least(a.amount, floor(a.most))), least(a.amount, floor(a.most)), a.most, a.per_second, clock_timestamp()
   FROM unnest($1::text[], $2::float8[], $3::float8[], $4::float8[]) AS a (key, amount, most, per_second)
   ORDER BY a.key COLLATE "C"
   ON CONFLICT (key) DO UPDATE SET (used, granted, most, per_second, counted_at) = (
     SELECT greatest(0, drained.used + taken.granted), taken.granted, EXCLUDED.most, EXCLUDED.per_second, drained.at
     FROM (SELECT now.at, greatest(0, c.used
         - greatest(0, extract(epoch FROM now.at - c.counted_at)::float8) * EXCLUDED.per_second) AS used
       FROM (SELECT clock_timestamp() AS at) AS now) AS drained,
     LATERAL (SELECT least(EXCLUDED.granted, greatest(0, floor(EXCLUDED.most - drained.used + 0.000001))) AS granted) AS taken)
   RETURNING key, used, granted`,
);

/** No window is longer than an hour, and nobody is further in debt than another. */
const sweep = statement(
  'quotas.sweep',
  `DELETE FROM quota_counts WHERE key IN (
     SELECT key FROM quota_counts WHERE counted_at < clock_timestamp() - interval '2 hours' LIMIT 5000 FOR UPDATE SKIP LOCKED)`,
);

const SWEEP_EVERY_MS = 60_000;

type Row = Counted & { readonly key: string };

/** The counts in PostgreSQL: one statement for many keys, and once a minute one that removes what counts nothing any more. */
export class PostgresCounts implements SharedCounts {
  private sweptAt = performance.now();

  constructor(private readonly work: UnitOfWork) {}

  async count(counts: readonly Count[]): Promise<ReadonlyMap<string, Counted>> {
    const columns = [
      counts.map(({ key }) => key),
      counts.map(({ amount }) => amount),
      counts.map(({ most }) => most),
      counts.map(({ perSecond }) => perSecond),
    ];
    const isSweepDue = performance.now() - this.sweptAt > SWEEP_EVERY_MS;
    if (isSweepDue) this.sweptAt = performance.now();
    const rows = await this.work.write(PLATFORM_TENANT, async (tx) => {
      const counted = tx.rows<Row>(count, columns);
      if (isSweepDue) await tx.run(sweep);
      return counted;
    });
    return new Map(rows.map(({ key, used, granted }) => [key, { used, granted }]));
  }
}
