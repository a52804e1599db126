import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';

// Whatever zone the line was read in before, its instant is at most this far away from the one it has now.
const REACH = `interval '26 hours'`;

const known = statement(
  'terminals.known_lines',
  `SELECT l.n::int AS n FROM unnest($3::uuid[], $4::timestamptz[], $5::timestamp[]) WITH ORDINALITY l (employee_id, at, wall, n)
   CROSS JOIN LATERAL (SELECT FROM punches p
     WHERE p.tenant_id = $1 AND p.employee_id = l.employee_id AND p.status = 'active'
       AND p.occurred_at >= l.at - ${REACH} AND p.occurred_at <= l.at + ${REACH} AND p.source = 'terminal' AND p.device_id = $2
       AND (p.occurred_at AT TIME ZONE 'UTC') + make_interval(mins => p.device_offset_minutes) = l.wall
     LIMIT 1) p`,
);

/** A line by whom it names and what the clock of the terminal showed. */
interface WallClockLine {
  readonly employeeId: string;
  readonly at: Date;
  readonly offsetMinutes: number;
}

/**
 * Which of the lines (by index) this terminal has sent before, whatever its keys and its zone were taken for then: nobody stands at one
 * terminal twice in a second. So a whole past that is sent again after a change of those is recognised, and costs little besides.
 */
export async function knownLines(
  tx: Transaction,
  tenantId: string,
  deviceId: string,
  lines: readonly WallClockLine[],
): Promise<ReadonlySet<number>> {
  if (lines.length === 0) return new Set();
  tx.forceIndexPlans();
  const rows = await tx.rows<{ n: number }>(known, [
    tenantId,
    deviceId,
    lines.map(({ employeeId }) => employeeId),
    lines.map(({ at }) => at.toISOString()),
    lines.map(({ at, offsetMinutes }) => new Date(at.getTime() + offsetMinutes * 60_000).toISOString().slice(0, 19)),
  ]);
  return new Set(rows.map(({ n }) => n - 1));
}
