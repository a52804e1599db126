import { Test } from '@nestjs/testing';
import { loadConfig } from '../../src/config/config';
import { CONFIG } from '../../src/config/config.module';
import { RETENTION_CONNECTION } from '../../src/database/tokens';
import { Workers } from '../../src/database/workers';
import { ApplicationRegistry } from '../../src/metrics/instruments/application-registry';
import { InstrumentsModule } from '../../src/metrics/instruments/instruments.module';
import { RetentionService } from '../../src/retention/retention.service';
import type { TestDatabase } from './database';

const platform = '00000000-0000-0000-0000-000000000000';

/** What deletes at night, by itself: a replica without a server around it. */
export async function retentionAt(url: string, settings: Record<string, string> = {}): Promise<RetentionService> {
  const module = await Test.createTestingModule({
    imports: [InstrumentsModule.for(new ApplicationRegistry())],
    providers: [
      { provide: CONFIG, useValue: loadConfig(settings) },
      { provide: RETENTION_CONNECTION, useValue: { connectionString: url } },
      Workers,
      RetentionService,
    ],
  }).compile();
  return module.get(RetentionService);
}

/** Idempotency keys that expire so long from now: `-1 minute` is a minute ago. */
export const expiringKeys = (database: TestDatabase, count: number, expires: string) =>
  database.sql(
    `INSERT INTO idempotency_keys (tenant_id, scope, fingerprint, status, headers, body, expires_at)
       SELECT $1, sha256(convert_to($3 || i, 'UTF8')), '', 201, '{}', '', now() + $3::interval FROM generate_series(1, $2::int) i`,
    [platform, count, expires],
  );

/** Lines of the request trail, so old. */
export const agedTrail = (database: TestDatabase, count: number, age: string) =>
  database.sql(
    `INSERT INTO operation_logs (tenant_id, event_type, resource_type, action, details, status, duration_ms, request_id, created_at)
       SELECT $1, 'request', 'punch', 'GET', '{}', 'success', 1, 'r', now() - $3::interval FROM generate_series(1, $2::int)`,
    [platform, count, age],
  );
