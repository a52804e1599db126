import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { idsWithin, type TimeRange } from '../reading/id-range';
import { trailColumns, type TrailLine } from './trail-line';

const insert = statement(
  'trail.insert',
  `INSERT INTO operation_logs (tenant_id, event_type, user_id, resource_type, resource_id, action, details, ip, status, duration_ms,
     request_id, created_at)
   SELECT l.tenant_id, l.event_type, l.user_id, l.resource_type, l.resource_id, l.action, l.details, l.ip, l.status, l.duration_ms,
     l.request_id, to_timestamp(l.answered_at / 1000)
   FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::inet[], $9::text[], $10::real[],
     $11::text[], $12::float8[])
     AS l (tenant_id, event_type, user_id, resource_type, resource_id, action, details, ip, status, duration_ms, request_id, answered_at)`,
);

// As in the ledger: an index is walked for a bounded number of lines, and the filters are applied to those.
const newest = statement(
  'trail.newest',
  `SELECT * FROM (SELECT id, created_at, event_type, user_id, resource_type, resource_id, action, details, ip, status, duration_ms, request_id,
       tenant_id AS row_tenant
     FROM operation_logs WHERE tenant_id = $1 AND id < $2::uuid AND id >= $3::uuid ORDER BY id DESC LIMIT $4) l
   WHERE l.created_at >= $5::timestamptz AND l.created_at < $6::timestamptz AND ($7::text IS NULL OR l.event_type = $7)
     AND ($8::uuid IS NULL OR l.user_id = $8) ORDER BY id DESC OFFSET $9 LIMIT $10`,
);

/** Lines that one question looks at. */
const TRAIL_WINDOW = 200_000;

export interface TrailRow extends Record<string, unknown> {
  id: string;
  created_at: Date;
  event_type: string;
  user_id: string | null;
  resource_type: string;
  resource_id: string | null;
  action: string;
  details: Record<string, unknown>;
  ip: string | null;
  status: 'success' | 'failure' | 'pending';
  duration_ms: number;
  request_id: string;
}

interface TrailFilters extends TimeRange {
  readonly eventType?: string;
  readonly userId?: string;
}

@Injectable()
export class TrailRepository {
  constructor(private readonly work: UnitOfWork) {}

  /** Writes the lines of any number of tenants at once, as the writer role. */
  async insert(lines: readonly TrailLine[]): Promise<void> {
    const columns: unknown[][] = Array.from({ length: 12 }, () => []);
    for (const line of lines) trailColumns(line).forEach((value, column) => columns[column]?.push(value));
    await this.work.group([...new Set(lines.map(({ tenantId }) => tenantId))], (tx) => tx.run(insert, columns));
  }

  newest(tenantId: string, filters: TrailFilters, offset: number, limit: number): Promise<TrailRow[]> {
    const { least, below } = idsWithin(filters);
    const { from = '-infinity', to = 'infinity', eventType = null, userId = null } = filters;
    return this.work.read(tenantId, (tx) => {
      tx.forceIndexPlans();
      return tx.rows<TrailRow>(newest, [
        tenantId,
        below,
        least,
        TRAIL_WINDOW,
        from,
        to,
        eventType,
        userId,
        offset,
        limit,
      ]);
    });
  }
}
