import { getToken } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { loadConfig } from '../../src/config/config';
import { DatabaseHealth } from '../../src/database/database-health';
import { Pool } from '../../src/database/pool';
import { DatabaseMetrics } from '../../src/metrics/instruments/database-metrics';
import { ownInstruments } from '../support/metrics';
import { PATIENCE_MS } from '../support/until';

/** What a server finds out about the way to its database before it serves: its state, or the error that says what is wrong. */
export async function stateBehind(url: string): Promise<unknown> {
  const client = { connectionString: url };
  const instruments = await ownInstruments();
  const metrics = instruments.get(DatabaseMetrics);
  const up = instruments.get<Gauge>(getToken('rollcall_database_up'));
  const bounds = { max: 1, acquireTimeoutMs: PATIENCE_MS, silenceMs: PATIENCE_MS, maxAgeMs: PATIENCE_MS };
  const health = new DatabaseHealth(client, [], up, metrics, new Pool({ client, ...bounds }, metrics), loadConfig({}));
  try {
    return await health.state(PATIENCE_MS);
  } finally {
    health.onApplicationShutdown();
  }
}
