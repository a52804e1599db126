import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { ToldLine } from './attlog-lines';

/** What is told within this time of happening was told at once: the difference is the clock. Beyond it, it is backlog. */
const AT_ONCE_MS = 10 * 60_000;

const seen = statement(
  'terminals.seen',
  'UPDATE devices SET last_seen_at = now(), firmware = coalesce($3, firmware) WHERE tenant_id = $1 AND id = $2',
);
const received = statement(
  'terminals.received',
  `UPDATE devices SET last_seen_at = now(), last_stamp = coalesce($3, last_stamp), skew_ms = coalesce($4::bigint, skew_ms), backlog_lines = $5,
     backlog_since = $6::timestamptz WHERE tenant_id = $1 AND id = $2`,
);

/** What can be said of a terminal by its calls. Not a change anybody made: no version, no entry in the ledger. */
@Injectable()
export class DeviceHealth {
  async seen(tx: Transaction, tenantId: string, deviceId: string, firmware?: string): Promise<void> {
    await tx.run(seen, [tenantId, deviceId, firmware ?? null]);
  }

  /** After an upload; `stamp` is the terminal's own mark of how far it has sent. */
  async received(
    tx: Transaction,
    tenantId: string,
    deviceId: string,
    lines: readonly ToldLine[],
    stamp: string | undefined,
    now: Date,
  ): Promise<void> {
    const { skewMs, late, since } = lateness(lines, now);
    const mark = stamp !== undefined && /^\d{1,20}$/.test(stamp) ? stamp : null;
    await tx.run(received, [tenantId, deviceId, mark, skewMs ?? null, late, since?.toISOString() ?? null]);
  }
}

/** How far behind (negative: ahead) the clock is by the newest line, if that was told at once; and what was told late. */
export function lateness(lines: readonly Pick<ToldLine, 'at'>[], now: Date) {
  const ages = lines.map(({ at }) => now.getTime() - at.getTime());
  const youngest = Math.min(...ages);
  const oldest = Math.max(...ages);
  return {
    ...(youngest < AT_ONCE_MS ? { skewMs: youngest } : {}),
    late: ages.filter((age) => age >= AT_ONCE_MS).length,
    ...(oldest >= AT_ONCE_MS ? { since: new Date(now.getTime() - oldest) } : {}),
  };
}
