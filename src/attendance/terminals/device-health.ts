import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { ReportedLine } from './attlog-lines';
import { AT_ONCE_MS } from './clock-check';

const connected = `last_seen_at > now() - make_interval(secs => ${AT_ONCE_MS / 1000})`;
/** Of the times without a call, the longest of the last week: a backlog may come in the midst of shorter ones, in a network that comes and goes. */
const longest = `last_seen_at IS NOT NULL AND NOT (${connected})
     AND (away_until IS NULL OR away_until < now() - interval '7 days' OR away_until - away_from < now() - last_seen_at)`;
const contact = `contact_since = CASE WHEN ${connected} AND status = 'active'
     THEN coalesce(contact_since, now()) WHEN status = 'active' THEN now() END,
   away_from = CASE WHEN ${longest} THEN last_seen_at ELSE away_from END, away_until = CASE WHEN ${longest} THEN now() ELSE away_until END`;
const seen = statement(
  'terminals.seen',
  `UPDATE devices SET last_seen_at = now(), firmware = coalesce($3, firmware), ${contact},
     proven_networks = coalesce($4::text[], proven_networks), admitted_from = coalesce($5::inet, admitted_from),
     admitted_at = CASE WHEN $5::inet IS NULL THEN admitted_at ELSE coalesce(admitted_at, now()) END WHERE tenant_id = $1 AND id = $2`,
);
const received = statement(
  'terminals.received',
  `UPDATE devices SET last_seen_at = now(), last_stamp = coalesce($3, last_stamp), skew_ms = coalesce($4::bigint, skew_ms), backlog_lines = $5,
     backlog_since = $6::timestamptz, ${contact}, live_at = CASE WHEN $7 THEN now() ELSE live_at END,
     clock_doubted_at = CASE WHEN $8 THEN coalesce(clock_doubted_at, now()) WHEN NOT $7 THEN clock_doubted_at END
   WHERE tenant_id = $1 AND id = $2`,
);

/** An upload that a terminal sends at this moment, with its own mark of how far it has sent. */
export interface Upload {
  readonly stamp: string | undefined;
  readonly now: Date;
}

/** The address of a call, by what it was let in with. */
export interface SeenFrom {
  readonly provenFrom?: string | undefined;
  readonly admittedFrom?: string | undefined;
}

/** What can be said of a terminal by its calls. Not a change anybody made: no version, no entry in the ledger. */
@Injectable()
export class DeviceHealth {
  /** `provenFrom`: the address that it called from with its secret; `admittedFrom`: with its serial number alone. */
  async seen(
    tx: Transaction,
    tenantId: string,
    deviceId: string,
    firmware: string | undefined,
    { provenFrom, admittedFrom }: SeenFrom,
  ): Promise<void> {
    await tx.run(seen, [
      tenantId,
      deviceId,
      firmware ?? null,
      provenFrom === undefined ? null : [provenFrom],
      admittedFrom ?? null,
    ]);
  }

  /** After an upload: its lines that could be read, and those of them whose time is in doubt. */
  async received(
    tx: Transaction,
    tenantId: string,
    deviceId: string,
    lines: readonly ReportedLine[],
    doubted: ReadonlySet<ReportedLine>,
    { stamp, now }: Upload,
  ): Promise<void> {
    const trusted = lines.filter((line) => !doubted.has(line));
    const { skewMs, late, since } = lateness(trusted, now);
    const wrong = [...doubted].at(-1);
    const skew = wrong ? now.getTime() - wrong.at.getTime() : skewMs;
    const mark = stamp !== undefined && /^\d{1,20}$/.test(stamp) ? stamp : null;
    const backlog = [late, since?.toISOString() ?? null];
    await tx.run(received, [
      tenantId,
      deviceId,
      mark,
      skew ?? null,
      ...backlog,
      skewMs !== undefined,
      wrong !== undefined,
    ]);
  }
}

/** How far behind (negative: ahead) the clock is by the newest line, if that was sent at once; and what was sent late. */
export function lateness(lines: readonly Pick<ReportedLine, 'at'>[], now: Date) {
  const ages = lines.map(({ at }) => now.getTime() - at.getTime());
  const youngest = Math.min(...ages);
  const oldest = Math.max(...ages);
  return {
    ...(youngest < AT_ONCE_MS ? { skewMs: youngest } : {}),
    late: ages.filter((age) => age >= AT_ONCE_MS).length,
    ...(oldest >= AT_ONCE_MS ? { since: new Date(now.getTime() - oldest) } : {}),
  };
}
