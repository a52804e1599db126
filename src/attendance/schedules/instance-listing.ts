import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors, highestId, type Keyset, lowestId, shownPage } from '../../http/paging/cursor';
import { Problem } from '../../http/problems/problem';
import { parseDate } from '../rules/time/calendar';
import { scopeOf, scopeParameters } from '../people/scope';
import type { InstanceQuery } from './instance.schemas';

const LONGEST_SPAN_DAYS = 62;

// In the order of shift_instances_once, so that a page is read off the index, however many people there are.
const page = statement(
  'schedules.instance_page',
  `SELECT i.id, i.employee_id, i.schedule_id, i.shift_id, f.name, i.work_date::text AS date, i.local_start, i.local_end, i.starts_at,
     i.ends_at, array_to_string(i.segments, ' ') AS segments, i.window_start, i.window_end, i.break_seconds, i.review
   FROM shift_instances i JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.employee_id
   LEFT JOIN shifts f ON f.tenant_id = i.tenant_id AND f.id = i.shift_id
   WHERE i.tenant_id = $1 AND i.work_date >= $2::date AND i.work_date <= $3::date
     AND (i.employee_id, i.work_date, i.shift_id) > ($4::uuid, $5::date, $6::uuid)
     AND i.employee_id >= $7::uuid AND i.employee_id <= $8::uuid AND ($9::uuid IS NULL OR u.org_unit_id = $9)
   ORDER BY i.employee_id, i.work_date, i.shift_id LIMIT $10`,
);

interface InstanceRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  schedule_id: string;
  shift_id: string;
  name: string | null;
  date: string;
  local_start: string;
  local_end: string;
  starts_at: Date;
  ends_at: Date;
  segments: string;
  window_start: Date;
  window_end: Date;
  break_seconds: number;
  review: string | null;
}

const byPersonAndDate: Keyset<InstanceRow> = {
  first: [lowestId, '0001-01-01', lowestId],
  positionOf: ({ employee_id: employeeId, date, shift_id: shiftId }) => [employeeId, date, shiftId],
};

/** Reads the planned shifts of a span of dates, by person and date. */
@Injectable()
export class InstanceListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: InstanceQuery) {
    mustBeASpan(filters.from, filters.to);
    const scope = { tenantId: by.tenantId, route: 'shift-instances', filters: { ...filters, by: by.userId } };
    const [unitId, userId] = scopeParameters(scopeOf(by));
    const only = filters.employeeId ?? userId;
    if (userId !== null && only !== userId) return { data: [] };
    const whose = [only ?? lowestId, only ?? highestId, unitId];
    const rows = await this.cursors.page(scope, { limit, cursor }, byPersonAndDate, ({ after, limit: most }) =>
      this.work.read(by.tenantId, (tx) =>
        tx.rows<InstanceRow>(page, [by.tenantId, filters.from, filters.to, ...after, ...whose, most]),
      ),
    );
    return shownPage(rows, shown);
  }
}

function shown(row: InstanceRow): Record<string, unknown> {
  const bounds = row.segments.split(' ').map((seconds) => new Date(Number(seconds) * 1000));
  return {
    id: row.id,
    employeeId: row.employee_id,
    scheduleId: row.schedule_id,
    shiftId: row.shift_id,
    ...(row.name === null ? {} : { name: row.name }),
    date: row.date,
    localStart: row.local_start,
    localEnd: row.local_end,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    segments: bounds.flatMap((startsAt, index) => (index % 2 === 0 ? [{ startsAt, endsAt: bounds[index + 1] }] : [])),
    windowStartsAt: row.window_start,
    windowEndsAt: row.window_end,
    breakMinutes: row.break_seconds / 60,
    ...(row.review === null ? {} : { review: row.review }),
  };
}

function mustBeASpan(from: string, to: string): void {
  if (parseDate(to) - parseDate(from) < LONGEST_SPAN_DAYS) return;
  throw new Problem('span_too_long', `Planned shifts are listed for ${LONGEST_SPAN_DAYS} days at most.`, {
    errors: [{ pointer: '?to', code: 'span_too_long', detail: 'ask for less at once' }],
  });
}
