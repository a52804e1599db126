import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { GaugeReader } from '../../database/gauge-reader';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';

const againMs = 6 * 3_600_000;
const fewDays = 60;

/** Until the first month without a partition: a later one does not help across a gap. */
const ahead = statement(
  'audit.partitions_ahead',
  `SELECT extract(epoch FROM min(month) - now() AT TIME ZONE 'UTC')::float8 / 86400 AS days
   FROM generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'), now() AT TIME ZONE 'UTC' + interval '5 years', '1 month') AS month
   WHERE to_regclass('public.audit_logs_' || to_char(month, 'YYYY_MM')) IS NULL`,
);

/**
 * Gauges how far ahead the ledger has partitions. Only the retention login may create them. Without it, every write would fail when they
 * end, a year after the migration. The gauge lets an alert warn in time.
 */
@Injectable()
export class PartitionHorizon extends GaugeReader {
  constructor(
    private readonly work: UnitOfWork,
    @InjectMetric('audit_partitions_ahead_seconds') private readonly secondsAhead: Gauge,
  ) {
    super(new Logger('Ledger'), 'How far the partitions of the ledger reach', againMs, [secondsAhead]);
  }

  protected async read(): Promise<void> {
    const row = await this.work.read(PLATFORM_TENANT, (tx) => tx.row<{ days: number }>(ahead, []));
    if (!row) return;
    this.secondsAhead.set(row.days * 86_400);
    if (row.days < fewDays) this.log.warn(fewLeft(row.days));
  }
}

const fewLeft = (days: number) =>
  `The ledger has partitions for ${Math.max(0, Math.floor(days))} more days; after that every write is refused. ` +
  'Set DATABASE_RETENTION_URL, or run `rollcall retention`.';
