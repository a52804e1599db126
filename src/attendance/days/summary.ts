import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { type Statement, statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/paging/cursor';
import { Problem } from '../../http/problems/problem';
import { loadPolicies } from '../policies/policies-in-force';
import { payMinutes } from '../rules/overtime/minutes';
import { parseDate } from '../rules/time/calendar';
import { scopeOf, scopeParameters } from '../people/scope';
import { withinDates } from './inputs.statements';
import type { SummaryQuery } from './day.schemas';

const LONGEST_DAYS = 366;

interface SumRow extends Record<string, unknown> {
  key: string;
  name: string | null;
  number: string | null;
  start: string | null;
  end: string | null;
  sums: number[];
}

// Seconds are added up here and turned into minutes once, at the very end. What is open is counted by a statement of its own: each
// is driven by one index, so that no plan can tip over when the statistics of one table lag behind the other.
const sums = `ARRAY[count(*), sum(d.scheduled_seconds), sum(d.worked_seconds), sum(d.payable_seconds), sum(d.regular_seconds),
  sum(d.overtime_seconds), sum(d.double_time_seconds), sum(d.premium_seconds), sum(d.break_seconds), sum(d.late_seconds),
  sum(d.early_seconds), count(*) FILTER (WHERE d.status = 'ABSENT'), count(*) FILTER (WHERE d.approval = 'approved')]::float8[] AS sums`;
const open = 'count(*)::float8 AS open';
const span = (row: string) => `${row}.tenant_id = $1 AND ${row}.work_date BETWEEN $2::date AND $3::date`;
const who = `($4::uuid IS NULL OR u.org_unit_id = $4) AND ($5::uuid IS NULL OR u.id = $5)
  AND ($6::uuid IS NULL OR u.id = $6) AND ($7::uuid IS NULL OR u.org_unit_id = $7)`;
const people = (row: string) => `JOIN users u ON u.tenant_id = ${row}.tenant_id AND u.id = ${row}.employee_id`;
/** A page of people; the rows of each are looked up by person and date. */
const page = `(SELECT u.id, u.name, u.employee_number FROM users u WHERE u.tenant_id = $1 AND ${who} AND $8::int IS NOT NULL
    AND u.id > (CASE WHEN $9 = '' THEN '00000000-0000-0000-0000-000000000000' ELSE $9 END)::uuid ORDER BY u.id LIMIT $10)`;
interface Pair {
  readonly sums: Statement;
  readonly open: Statement;
}

const byEmployee: Pair = {
  sums: statement(
    'days.sum_by_employee',
    `SELECT e.id::text AS key, e.name, e.employee_number AS number, NULL AS start, NULL AS "end", d.sums FROM ${page} e
     CROSS JOIN LATERAL (SELECT ${sums} FROM (SELECT * FROM day_records d WHERE ${withinDates('d', '$2::date', '$3::date')}
       ORDER BY d.employee_id, d.work_date) d) d ORDER BY e.id`,
  ),
  open: statement(
    'days.open_by_employee',
    `SELECT e.id::text AS key, x.open FROM ${page} e
     CROSS JOIN LATERAL (SELECT ${open} FROM (SELECT * FROM attendance_exceptions x WHERE ${withinDates('x', '$2::date', '$3::date')}
       AND x.status = 'open' ORDER BY x.employee_id, x.work_date) x) x`,
  ),
};
const byDate = (name: string, first: (row: string) => string): Pair => ({
  sums: statement(
    `days.sum_by_${name}`,
    `SELECT (${first('d')})::text AS key, NULL AS name, NULL AS number, (${first('d')})::text AS start, max(d.work_date)::text AS "end", ${sums}
     FROM day_records d ${people('d')} WHERE ${span('d')} AND ${who} AND $8::int IS NOT NULL
     GROUP BY 1 HAVING (${first('d')})::text > $9 ORDER BY 1 LIMIT $10`,
  ),
  open: statement(
    `days.open_by_${name}`,
    `SELECT (${first('x')})::text AS key, ${open} FROM attendance_exceptions x ${people('x')}
     WHERE ${span('x')} AND x.status = 'open' AND ${who} AND $8::int IS NOT NULL AND $9::text IS NOT NULL AND $10::int IS NOT NULL GROUP BY 1`,
  ),
});
const inPeriod = (row: string) =>
  `JOIN pay_periods p ON p.tenant_id = ${row}.tenant_id AND ${row}.work_date BETWEEN p.start_date AND p.end_date`;
const statements: Record<SummaryQuery['by'], Pair> = {
  employee: byEmployee,
  day: byDate('day', (row) => `${row}.work_date`),
  // Weeks begin on the weekday of the tenant's policy, 0 is Sunday.
  week: byDate('week', (row) => `${row}.work_date - ((extract(dow FROM ${row}.work_date)::int - $8::int + 7) % 7)`),
  period: {
    sums: statement(
      'days.sum_by_period',
      `SELECT p.id::text AS key, p.name, NULL AS number, p.start_date::text AS start, p.end_date::text AS "end", ${sums}
       FROM day_records d ${people('d')} ${inPeriod('d')} WHERE ${span('d')} AND ${who} AND $8::int IS NOT NULL
       GROUP BY p.tenant_id, p.id HAVING p.start_date::text > $9 ORDER BY p.start_date LIMIT $10`,
    ),
    open: statement(
      'days.open_by_period',
      `SELECT p.id::text AS key, ${open} FROM attendance_exceptions x ${people('x')} ${inPeriod('x')}
       WHERE ${span('x')} AND x.status = 'open' AND ${who} AND $8::int IS NOT NULL AND $9::text IS NOT NULL AND $10::int IS NOT NULL GROUP BY p.id`,
    ),
  },
};

/** Sums over days: by person, day, week or pay period. */
@Injectable()
export class Summary {
  constructor(
    private readonly work: UnitOfWork,
    private readonly cursors: Cursors,
  ) {}

  async of(by: Principal, { limit, cursor, ...query }: SummaryQuery) {
    assertSpan(query.from, query.to);
    const scope = { tenantId: by.tenantId, route: 'summary', filters: { ...query, who: by.userId } };
    const after = cursor === undefined ? '' : String(this.cursors.decode(scope, cursor)[0]);
    const rows = await this.work.read(by.tenantId, async (tx) => {
      if (query.by === 'employee') tx.forceIndexPlans();
      const policies = query.by === 'week' ? await loadPolicies(tx, by.tenantId) : undefined;
      const weekStart =
        policies?.inForce(query.orgUnitId ?? null, parseDate(query.from)).policy.overtime.weekStart ?? 1;
      const values = [
        by.tenantId,
        query.from,
        query.to,
        ...scopeParameters(scopeOf(by)),
        query.employeeId ?? null,
        query.orgUnitId ?? null,
        weekStart,
        after,
        limit + 1,
      ];
      const [found, counts] = await Promise.all([
        tx.rows<SumRow>(statements[query.by].sums, values),
        tx.rows<{ key: string; open: number }>(statements[query.by].open, values),
      ]);
      const openOf = new Map(counts.map((row) => [row.key, row.open]));
      return found.map((row) => ({ ...row, sums: [...row.sums, openOf.get(row.key) ?? 0] }));
    });
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    const more = rows.length > limit && last !== undefined;
    const position = last && (query.by === 'period' ? last.start : last.key);
    const next = more ? { nextCursor: this.cursors.encode(scope, [position ?? '']) } : {};
    const { from: first, to, by: grouping } = query;
    const total = data.reduce<number[]>((all, row) => row.sums.map((each, i) => (all[i] ?? 0) + each), []);
    return {
      by: grouping,
      from: first,
      to,
      data: data.filter(hasDays).map((row) => summaryRow(row, grouping)),
      totals: inMinutes(total),
      ...next,
    };
  }
}

/** People of the page without a day in the span are not worth a line. */
const hasDays = ({ sums: [days] }: SumRow) => days !== undefined && days > 0;

function summaryRow(row: SumRow, by: SummaryQuery['by']): Record<string, unknown> {
  const who = by === 'employee' ? { employeeId: row.key } : by === 'period' ? { periodId: row.key } : {};
  return {
    ...who,
    ...(row.number === null ? {} : { employeeNumber: row.number }),
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.start === null ? {} : { start: row.start }),
    ...(row.end === null ? {} : { end: row.end }),
    ...inMinutes(row.sums),
  };
}

/** In the order of `sums`, and what is open behind them. */
function inMinutes([
  days = 0,
  scheduled = 0,
  worked = 0,
  payableSeconds = 0,
  regularSeconds = 0,
  overtimeSeconds = 0,
  doubleTimeSeconds = 0,
  premiumSeconds = 0,
  breaks = 0,
  late = 0,
  earlyLeave = 0,
  absences = 0,
  approvedDays = 0,
  openExceptions = 0,
]: readonly number[]): Record<string, number> {
  return {
    days,
    scheduledMinutes: Math.floor(scheduled / 60),
    workedMinutes: Math.floor(worked / 60),
    ...payMinutes({ payableSeconds, regularSeconds, overtimeSeconds, doubleTimeSeconds, premiumSeconds }),
    breakMinutes: Math.floor(breaks / 60),
    lateMinutes: Math.floor(late / 60),
    earlyLeaveMinutes: Math.floor(earlyLeave / 60),
    absences,
    approvedDays,
    openExceptions,
  };
}

function assertSpan(from: string, to: string): void {
  if (parseDate(to) - parseDate(from) >= LONGEST_DAYS) {
    throw new Problem('span_too_long', `Sums reach over ${LONGEST_DAYS} days at most.`, {
      errors: [{ pointer: '?to', code: 'span_too_long', detail: 'ask for less at once' }],
    });
  }
}
