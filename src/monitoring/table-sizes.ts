import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import { GaugeReader } from '../database/gauge-reader';
import { statement } from '../database/statement';
import { UnitOfWork } from '../database/unit-of-work';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';

const READ_EVERY_MS = 60_000;

/** Bytes with indexes and everything else; rows as the statistics of PostgreSQL estimate them, which reads none. */
const sizes = statement(
  'monitoring.sizes',
  `SELECT coalesce(whole.relname, part.relname) AS name, sum(pg_total_relation_size(part.relid))::float8 AS bytes,
     sum(part.n_live_tup)::float8 AS rows
   FROM pg_stat_user_tables part LEFT JOIN pg_class whole ON whole.oid = pg_partition_root(part.relid)
   WHERE part.schemaname = 'public' AND coalesce(whole.relname, part.relname) IN ('idempotency_keys', 'audit_logs') GROUP BY 1`,
);

/** How large the tables are that grow with every write: the keys, which a nightly run deletes again, and the ledger, which nobody shortens. */
@Injectable()
export class TableSizes extends GaugeReader {
  private readonly gauges: Readonly<Record<string, { readonly bytes: Gauge; readonly rows: Gauge }>>;

  constructor(
    private readonly work: UnitOfWork,
    @InjectMetric('idempotency_table_bytes') keyBytes: Gauge,
    @InjectMetric('idempotency_table_rows') keyRows: Gauge,
    @InjectMetric('audit_table_bytes') ledgerBytes: Gauge,
    @InjectMetric('audit_table_rows') ledgerRows: Gauge,
  ) {
    super(new Logger('Monitoring'), 'How large the tables are', READ_EVERY_MS, [
      keyBytes,
      keyRows,
      ledgerBytes,
      ledgerRows,
    ]);
    this.gauges = {
      idempotency_keys: { bytes: keyBytes, rows: keyRows },
      audit_logs: { bytes: ledgerBytes, rows: ledgerRows },
    };
  }

  protected async read(): Promise<void> {
    const rows = await this.work.read(PLATFORM_TENANT, (tx) =>
      tx.rows<{ name: string; bytes: number; rows: number }>(sizes),
    );
    for (const { name, bytes, rows: count } of rows) {
      this.gauges[name]?.bytes.set(bytes);
      this.gauges[name]?.rows.set(count);
    }
  }
}
