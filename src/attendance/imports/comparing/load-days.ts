import type { IsClosed } from '../../closed-periods/closed-periods';
import type { Transaction } from '../../../database/transaction';
import { formatDate } from '../../rules/time/calendar';
import type { Instant } from '../../rules/time/instant';
import type { Batch, LoadCounts } from '../loading/load-punches';
import type { RowFault } from '../loading/row-fault';
import type { PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { compareDay } from './compare-day';
import { recordReportedDays } from './comparing.statements';
import { DayReconciler, sum } from './day-reconciler';
import { lockInputs } from './lock-inputs';
import { KnownPunches, type PersonInterval } from './known-punches';
import type { ImportStrategy } from './import-strategy';
import { LONGEST_PRESENCE } from './punches-of-day';
import { type ReportedDay, reportedDays } from './reported-days';

/**
 * Loads rows that each report a person's whole day. A day that lacks punches of the row gets them. A day with other punches is left as
 * it is and reported as a conflict; in mode `override` it is replaced. `people` must know the people of the rows.
 */
export async function loadDays(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  strategy: ImportStrategy,
  batch: Batch | undefined,
): Promise<{ counts: LoadCounts; faults: readonly RowFault[] }> {
  const { days, keys, faults, rejected } = reportedDays(rows, people);
  const isClosed = await lockInputs(
    tx,
    days.map(({ person }) => person.id),
    batch,
  );
  const intervals = days.map((day) => intervalOf(day, isClosed));
  const known = await KnownPunches.read(tx, intervals, batch?.id ?? null);
  const firstSeen = strategy.overrides ? await firstReported(tx, days, strategy, batch) : undefined;
  const reconciler = new DayReconciler(isClosed);
  for (const [index, day] of days.entries()) {
    const { from, to } = intervals[index] ?? intervalOf(day, isClosed);
    const around = known.of(day.person.id, from, to);
    const difference = compareDay(day.punches, around, midnightsOf(day), keys.get(day.person.id));
    if (difference.extra.length === 0 || firstSeen?.has(nameOf(day)) === false)
      reconciler.createMissing(day, difference);
    else if (!strategy.overrides) reconciler.reportConflict(day, difference);
    else reconciler.replace(day, difference, around);
  }
  if (batch) await reconciler.plan.store(tx, batch);
  const all = [...faults, ...reconciler.faults].sort((a, b) => a.line - b.line);
  return { counts: sum(reconciler.counts, { rejected }), faults: all };
}

function midnightsOf({ person, day }: ReportedDay): { from: Instant; to: Instant } {
  const { zone } = person.employee;
  return { from: zone.dayStart(day), to: zone.dayStart(day + 1) };
}

/** The punches that decide about a day: its own, and those of the nights before and after it. */
function intervalOf(reported: ReportedDay, isClosed: IsClosed): PersonInterval {
  const { from, to } = midnightsOf(reported);
  const last = reported.punches.reduce((latest, { at }) => Math.max(latest, at), to);
  return {
    employeeId: reported.person.id,
    from: from - LONGEST_PRESENCE,
    to: last + LONGEST_PRESENCE,
    mayWait: reported.person.isImporter || isClosed(reported.day) || isClosed(reported.day + 1),
  };
}

const nameOf = ({ person, day }: ReportedDay) => `${person.id} ${formatDate(day)}`;

/**
 * The days that no earlier chunk of the file has reported. An earlier chunk has already replaced what the file contradicts, and its own
 * punches must not be replaced in turn.
 */
async function firstReported(
  tx: Transaction,
  days: readonly ReportedDay[],
  { reportedDays: earlier }: ImportStrategy,
  batch: Batch | undefined,
): Promise<ReadonlySet<string>> {
  if (!batch) {
    const fresh = days.map(nameOf).filter((name) => !earlier.has(name));
    for (const name of fresh) earlier.add(name);
    return new Set(fresh);
  }
  const values = [days.map(({ person }) => person.id), days.map(({ day }) => formatDate(day))];
  const rows = await tx.rows<{ employee_id: string; day: string }>(recordReportedDays, [
    tx.tenantId,
    batch.id,
    ...values,
  ]);
  return new Set(rows.map(({ employee_id: id, day }) => `${id} ${day}`));
}
