import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { Shift, ShiftDraft } from './shift';
import { shiftColumns, shiftOf, type ShiftRow } from './shift-row';

const ofSchedules = statement(
  'shifts.of_schedules',
  `SELECT ${shiftColumns} FROM shifts f WHERE f.tenant_id = $1 AND f.schedule_id = ANY ($2::uuid[]) ORDER BY f.schedule_id, f.id`,
);
const insert = statement(
  'shifts.insert',
  `INSERT INTO shifts (tenant_id, id, schedule_id, name, day_of_week, cycle_day, on_date, segments, break_minutes,
     window_before_minutes, window_after_minutes, late_grace_minutes, early_grace_minutes)
   SELECT $1, e.id, e.schedule_id, d.name, d.day_of_week, d.cycle_day, d.on_date, d.segments, d.break_minutes,
     d.window_before, d.window_after, d.late_grace, d.early_grace
   FROM unnest($2::uuid[], $3::uuid[], $4::int[]) e (id, schedule_id, n)
   JOIN jsonb_to_recordset($5::jsonb) d (n int, name text, day_of_week smallint, cycle_day smallint, on_date date, segments text[],
     break_minutes smallint, window_before smallint, window_after smallint, late_grace smallint, early_grace smallint) ON d.n = e.n`,
);
const update = statement(
  'shifts.update',
  `UPDATE shifts f SET name = d.name, day_of_week = d.day_of_week, cycle_day = d.cycle_day, on_date = d.on_date, segments = d.segments,
     break_minutes = d.break_minutes, window_before_minutes = d.window_before, window_after_minutes = d.window_after,
     late_grace_minutes = d.late_grace, early_grace_minutes = d.early_grace, version = f.version + 1, updated_at = now()
   FROM jsonb_to_recordset($3::jsonb) d (name text, day_of_week smallint, cycle_day smallint, on_date date, segments text[],
     break_minutes smallint, window_before smallint, window_after smallint, late_grace smallint, early_grace smallint)
   WHERE f.tenant_id = $1 AND f.id = $2`,
);
const remove = statement('shifts.remove', 'DELETE FROM shifts f WHERE f.tenant_id = $1 AND f.id = $2');

/** Reads and changes the shifts of the schedules of one tenant. */
@Injectable()
export class ShiftsRepository {
  /** In the order of their making. */
  async of(tx: Transaction, tenantId: string, scheduleIds: readonly string[]): Promise<Shift[]> {
    return (await tx.rows<ShiftRow>(ofSchedules, [tenantId, scheduleIds])).map(shiftOf);
  }

  /** Stores the drafts; `places` says which of them (by index) every new row is, and under which id and schedule. */
  async insert(
    tx: Transaction,
    tenantId: string,
    drafts: readonly ShiftDraft[],
    places: readonly { id: string; scheduleId: string; draft: number }[],
  ): Promise<void> {
    if (places.length === 0) return;
    await tx.run(insert, [
      tenantId,
      places.map(({ id }) => id),
      places.map(({ scheduleId }) => scheduleId),
      places.map(({ draft }) => draft),
      JSON.stringify(drafts.map((draft, n) => ({ n, ...recordOf(draft) }))),
    ]);
  }

  async update(tx: Transaction, tenantId: string, id: string, to: ShiftDraft): Promise<void> {
    await tx.run(update, [tenantId, id, JSON.stringify([recordOf(to)])]);
  }

  async remove(tx: Transaction, tenantId: string, id: string): Promise<void> {
    await tx.run(remove, [tenantId, id]);
  }
}

function recordOf(draft: ShiftDraft): Record<string, unknown> {
  return {
    name: draft.name,
    day_of_week: draft.dayOfWeek,
    cycle_day: draft.cycleDay,
    on_date: draft.date,
    segments: draft.segments,
    break_minutes: draft.breakMinutes,
    window_before: draft.windowBeforeMinutes,
    window_after: draft.windowAfterMinutes,
    late_grace: draft.lateGraceMinutes,
    early_grace: draft.earlyGraceMinutes,
  };
}
