import type { IsClosed } from '../../closed-periods/closed-periods';
import { type LoadCounts, NO_COUNTS } from '../loading/load-punches';
import type { RowFault, Wrong } from '../loading/row-fault';
import { type Difference, keyOf, type KnownPunch, successors, type ReportedPunch } from './compare-day';
import { dayDiffers, overrideRefusal } from './faults';
import { ImportPlan } from './plan';
import type { ReportedDay } from './reported-days';

/** Decides what becomes of each day of a chunk, and counts it. */
export class DayReconciler {
  readonly plan = new ImportPlan();
  readonly faults: RowFault[] = [];
  private total: LoadCounts = NO_COUNTS;

  constructor(private readonly isClosed: IsClosed) {}

  get counts(): LoadCounts {
    return this.total;
  }

  /** The day has no other punches than those of the rows: the missing ones are created. */
  createMissing({ person, punches }: ReportedDay, { missing }: Difference): void {
    let quarantined = 0;
    for (const punch of missing) {
      const waits = person.isImporter || this.isClosed(person.employee.zone.dayOf(punch.at));
      this.plan.create(person.id, punch, waits ? 'quarantined' : 'active');
      if (waits) quarantined += 1;
    }
    this.add({ created: missing.length, skipped: punches.length - missing.length, quarantined });
  }

  /** The day differs from the rows, and stays as it is. */
  reportConflict(reported: ReportedDay, { recorded }: Difference): void {
    this.addFault(reported, dayDiffers(reported.day, reported.person, recorded));
    this.add({ conflicts: reported.lines.length });
  }

  /** The day differs from the rows, and is replaced by them. Each replaced punch points at the one that supersedes it. */
  replace(reported: ReportedDay, { missing, extra }: Difference, known: readonly KnownPunch[]): void {
    const { person, lines } = reported;
    const isClosed = [...missing, ...extra].some(({ at }) => this.isClosed(person.employee.zone.dayOf(at)));
    const refusal = overrideRefusal(reported, extra, isClosed);
    if (refusal) {
      this.addFault(reported, refusal);
      this.add({ rejected: lines.length });
      return;
    }
    const created = missing.map((punch) => ({ ...punch, ...this.plan.create(person.id, punch, 'active') }));
    for (const [punch, next] of successors(extra, [...created, ...unchanged(reported.punches, known)])) {
      this.plan.replace(punch.id, next.line, next.id);
    }
    this.add({ updated: lines.length });
  }

  private addFault({ lines }: ReportedDay, wrong: Wrong): void {
    for (const line of lines) this.faults.push({ line, ...wrong });
  }

  private add(counts: Partial<LoadCounts>): void {
    this.total = sum(this.total, counts);
  }
}

export function sum(a: LoadCounts, b: Partial<LoadCounts>): LoadCounts {
  return {
    created: a.created + (b.created ?? 0),
    updated: a.updated + (b.updated ?? 0),
    skipped: a.skipped + (b.skipped ?? 0),
    conflicts: a.conflicts + (b.conflicts ?? 0),
    rejected: a.rejected + (b.rejected ?? 0),
    quarantined: a.quarantined + (b.quarantined ?? 0),
  };
}

/** The punches of the rows that exist already, each with its line. */
function unchanged(
  reported: readonly ReportedPunch[],
  known: readonly KnownPunch[],
): (KnownPunch & { readonly line: number })[] {
  const lines = new Map(reported.map(({ type, at, line }) => [keyOf(type, at), line]));
  return known.flatMap((punch) => {
    const line = lines.get(keyOf(punch.type, punch.at));
    return line === undefined || punch.status !== 'active' ? [] : [{ ...punch, line }];
  });
}
