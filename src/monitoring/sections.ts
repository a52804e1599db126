import { asProblem } from '../database/failures';
import { type Statement, statement } from '../database/statement';
import type { UnitOfWork } from '../database/unit-of-work';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';

/** What the logins of this server may look at. */
interface Rights {
  /** An administrator of PostgreSQL has let rollcall_directory see the statistics of others. */
  readonly statistics: boolean;
  /** pg_stat_statements stands in this database. */
  readonly extension: boolean;
}

/** A part of what is told of the database; one that cannot be told says why. */
type Section<Part extends object> =
  ({ readonly available: true } & Part) | { readonly available: false; readonly reason: string };

const NO_STATISTICS = 'An administrator of PostgreSQL has to run: GRANT pg_read_all_stats TO rollcall_directory';
const NO_EXTENSION =
  'An administrator of PostgreSQL has to add pg_stat_statements to shared_preload_libraries and run in this database: CREATE EXTENSION pg_stat_statements';
/** SQLSTATE object_not_in_prerequisite_state: the extension is there, its library is not. */
const NOT_LOADED = /SQLSTATE 55000/;

const rights = statement(
  'monitoring.rights',
  `SELECT pg_has_role('rollcall_directory', 'pg_read_all_stats', 'USAGE') AS statistics,
     EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements') AS extension`,
);
const connections = statement(
  'monitoring.connections',
  `SELECT application, state, connections, waiting, longest_seconds AS "longestTransactionSeconds",
     current_setting('max_connections')::integer AS most FROM monitored_connections()`,
);
const locks = statement(
  'monitoring.locks',
  `SELECT w.total, w.mode, w.type, w.seconds, w.table, cardinality(pg_blocking_pids(w.pid)) AS "blockedBy"
     FROM (SELECT count(*) OVER ()::integer AS total, l.pid, l.mode, l.locktype AS type, c.relname AS table,
         coalesce(extract(epoch FROM clock_timestamp() - l.waitstart), 0)::float8 AS seconds
       FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid AND a.datname = current_database()
       LEFT JOIN pg_class c ON c.oid = l.relation
       WHERE NOT l.granted ORDER BY l.waitstart LIMIT 20) w`,
);
// The months of the ledger are told as one table: what partitions a table, or an index, stands for all of its parts.
const tables = statement(
  'monitoring.tables',
  `SELECT coalesce(whole.relname, part.relname) AS name, sum(pg_total_relation_size(part.relid))::float8 AS bytes,
     sum(pg_indexes_size(part.relid))::float8 AS "indexBytes", sum(part.n_live_tup)::float8 AS rows, sum(part.n_dead_tup)::float8 AS "deadRows",
     sum(part.seq_scan)::float8 AS "sequentialScans", sum(coalesce(part.idx_scan, 0))::float8 AS "indexScans",
     max(greatest(part.last_vacuum, part.last_autovacuum)) AS "vacuumedAt", max(greatest(part.last_analyze, part.last_autoanalyze)) AS "analyzedAt"
   FROM pg_stat_user_tables part LEFT JOIN pg_class whole ON whole.oid = pg_partition_root(part.relid)
   WHERE part.schemaname = 'public' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200`,
);
const indexes = statement(
  'monitoring.indexes',
  `SELECT coalesce(whole.relname, part.indexrelname) AS name, coalesce(holder.relname, part.relname) AS table,
     sum(pg_relation_size(part.indexrelid))::float8 AS bytes, sum(part.idx_scan)::float8 AS scans
   FROM pg_stat_user_indexes part LEFT JOIN pg_class whole ON whole.oid = pg_partition_root(part.indexrelid)
   LEFT JOIN pg_class holder ON holder.oid = pg_partition_root(part.relid)
   WHERE part.schemaname = 'public' GROUP BY 1, 2 ORDER BY 4, 3 DESC, 1 LIMIT 500`,
);
const counted = statement(
  'monitoring.statements',
  `SELECT query, calls, total_ms AS "totalMs", min_ms AS "minMs", max_ms AS "maxMs" FROM monitored_statements($1, $2)`,
);

/** The clients connected to this database. */
interface Connections {
  readonly application: string;
  readonly state: string;
  readonly connections: number;
  readonly waiting: number;
  readonly longestTransactionSeconds: number;
}
interface Wait {
  readonly mode: string;
  readonly type: string;
  readonly seconds: number;
  readonly table: string | null;
  readonly blockedBy: number;
}
/** A statement as pg_stat_statements has counted it. */
export interface CountedStatement {
  readonly query: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Asks PostgreSQL how it is, each part in a transaction of its own: one that fails, for a right that is missing on somebody's own server
 * or for a lock, leaves the others. One after the other, because monitoring must not take the connections of those whom it watches.
 */
export class Sections {
  constructor(private readonly work: UnitOfWork) {}

  async connections(): Promise<Section<{ most: number; byState: readonly Connections[] }>> {
    return this.section(async () => {
      if (!(await this.rights()).statistics) return NO_STATISTICS;
      const rows = await this.rows<Connections & { most: number }>(connections);
      return { most: rows[0]?.most ?? 0, byState: rows.map(({ most: _, ...row }) => row) };
    });
  }

  async locks(): Promise<Section<{ waiting: number; longest: readonly Wait[] }>> {
    return this.section(async () => {
      const rows = await this.rows<Wait & { total: number }>(locks);
      return { waiting: rows[0]?.total ?? 0, longest: rows.map(({ total: _, ...row }) => row) };
    });
  }

  async tables(): Promise<Section<{ list: readonly object[] }>> {
    return this.section(async () => ({ list: await this.rows(tables) }));
  }

  async indexes(): Promise<Section<{ list: readonly object[] }>> {
    return this.section(async () => ({ list: await this.rows(indexes) }));
  }

  /** What pg_stat_statements has counted, by the longest execution or by the number of calls. */
  async statements(by: 'time' | 'calls', most: number): Promise<Section<{ list: readonly CountedStatement[] }>> {
    return this.section(async () => {
      const { statistics, extension } = await this.rights();
      if (!extension) return NO_EXTENSION;
      if (!statistics) return NO_STATISTICS;
      return { list: await this.rows<CountedStatement>(counted, [by === 'time', most]) };
    });
  }

  private async section<Part extends object>(look: () => Promise<Part | string>): Promise<Section<Part>> {
    try {
      const part = await look();
      return typeof part === 'string' ? { available: false, reason: part } : { available: true, ...part };
    } catch (error) {
      const { detail, extras } = asProblem(error);
      return { available: false, reason: NOT_LOADED.test(String(extras.cause)) ? NO_EXTENSION : detail };
    }
  }

  private async rights(): Promise<Rights> {
    const [row] = await this.rows<Rights>(rights);
    return row ?? { statistics: false, extension: false };
  }

  private rows<R extends object>(asked: Statement, values: readonly unknown[] = []): Promise<R[]> {
    return this.work.read(PLATFORM_TENANT, (tx) => tx.rows<R>(asked, values));
  }
}
