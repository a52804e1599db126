import type { IsClosed } from '../../closed-periods/closed-periods';
import { type IngestCounts, NO_COUNTS } from '../loading/ingest';
import type { RowFault, Wrong } from '../loading/row-fault';
import { type Difference, keyOf, type KnownPunch, successors, type ReportedPunch } from './compare-day';
import { dayDiffers, untouchable } from './faults';
import { ImportPlan } from './plan';
import type { ToldDay } from './told-days';

/** Decides about the days of a chunk, one after the other, and adds up what becomes of them. */
export class DayJudge {
  readonly plan = new ImportPlan();
  readonly faults: RowFault[] = [];
  private total: IngestCounts = NO_COUNTS;

  constructor(private readonly isClosed: IsClosed) {}

  get counts(): IngestCounts {
    return this.total;
  }

  /** Nothing stands that the rows do not tell: what is missing is created. */
  complete({ person, punches }: ToldDay, { missing }: Difference): void {
    let quarantined = 0;
    for (const punch of missing) {
      const waits = person.isImporter || this.isClosed(person.employee.zone.dayOf(punch.at));
      this.plan.create(person.id, punch, waits ? 'quarantined' : 'active');
      if (waits) quarantined += 1;
    }
    this.add({ created: missing.length, skipped: punches.length - missing.length, quarantined });
  }

  /** It stands otherwise, and stays. */
  leave(told: ToldDay, { standing }: Difference): void {
    this.blame(told, dayDiffers(told.day, told.person, standing));
    this.add({ conflicts: told.lines.length });
  }

  /** It stands otherwise, and becomes what the rows tell; what goes points at what takes its place. */
  replace(told: ToldDay, { missing, extra }: Difference, known: readonly KnownPunch[]): void {
    const { person, lines } = told;
    const isClosed = [...missing, ...extra].some(({ at }) => this.isClosed(person.employee.zone.dayOf(at)));
    const refusal = untouchable(told, extra, isClosed);
    if (refusal) {
      this.blame(told, refusal);
      this.add({ rejected: lines.length });
      return;
    }
    const made = missing.map((punch) => ({ ...punch, ...this.plan.create(person.id, punch, 'active') }));
    for (const [punch, next] of successors(extra, [...made, ...kept(told.punches, known)])) {
      this.plan.replace(punch.id, next.line, next.id);
    }
    this.add({ updated: lines.length });
  }

  private blame({ lines }: ToldDay, wrong: Wrong): void {
    for (const line of lines) this.faults.push({ line, ...wrong });
  }

  private add(counts: Partial<IngestCounts>): void {
    this.total = sum(this.total, counts);
  }
}

export function sum(a: IngestCounts, b: Partial<IngestCounts>): IngestCounts {
  return {
    created: a.created + (b.created ?? 0),
    updated: a.updated + (b.updated ?? 0),
    skipped: a.skipped + (b.skipped ?? 0),
    conflicts: a.conflicts + (b.conflicts ?? 0),
    rejected: a.rejected + (b.rejected ?? 0),
    quarantined: a.quarantined + (b.quarantined ?? 0),
  };
}

/** The punches of the rows that stand already, with the line that tells them. */
function kept(
  told: readonly ReportedPunch[],
  known: readonly KnownPunch[],
): (KnownPunch & { readonly line: number })[] {
  const lines = new Map(told.map(({ type, at, line }) => [keyOf(type, at), line]));
  return known.flatMap((punch) => {
    const line = lines.get(keyOf(punch.type, punch.at));
    return line === undefined || punch.status !== 'active' ? [] : [{ ...punch, line }];
  });
}
