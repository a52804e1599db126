import type { Transaction } from '../../database/transaction';
import { readTenantSettings, type TenantSettings } from '../../tenancy/tenant-settings';
import { comesBefore, decide, type PunchDecision, dedupeName, type AdjacentPunch, type PunchContext } from './decide';
import { closest, latest, adjacentPunchOf } from './adjacent-punches';
import { type RecordedType, rankOf } from './presence';
import { dedupeKeyOf, type Punch, type PunchDraft } from './punch';
import { placeStatusOf, type PlaceStatus, whereExpected } from './place';
import { punchOf, type PunchRow } from './punch-row';
import { type DateStatus, dateStatusesOf, unremarkable } from './date-status';
import { lockPeriodsOfGroup, lockEmployees, readAdjacent, readTenants } from './recording.statements';
import type { Recording } from './recording';

interface EmployeeRow extends Record<string, unknown> {
  n: string;
  status: string;
  org_unit_id: string | null;
  time_zone: string | null;
  hired_on: string | null;
  left_on: string | null;
}
interface TenantRow extends Record<string, unknown> {
  id: string;
  settings: unknown;
  time_zone: string;
  closed_until: string | null;
  now: Date;
}
interface AdjacentRow extends Record<string, unknown> {
  n: string;
  previous_type: RecordedType | null;
  previous_at: Date | null;
  before_at: Date | null;
  exact_duplicate: PunchRow | null;
  after_at: Date | null;
  dedupe_match: PunchRow | null;
}

/** What the database knows around the punches of a group, ready to decide them. */
interface Decider {
  /** Decides the drafts of those recordings that `open` marks, in the order of time; the others get no decisions. */
  decide(open: readonly boolean[]): PunchDecision[][];
}

interface Placed {
  readonly draft: PunchDraft;
  readonly recording: Recording;
  readonly recordingIndex: number;
  readonly draftIndex: number;
  readonly person: string;
}

/** Asks for everything at once; the answers make one exchange. */
export async function loadDecider(tx: Transaction, recordings: readonly Recording[]): Promise<Decider> {
  const placed = recordings.flatMap((recording, recordingIndex) =>
    recording.drafts.map((draft, draftIndex): Placed => {
      return {
        draft,
        recording,
        recordingIndex,
        draftIndex,
        person: `${recording.context.tenantId} ${draft.employeeId}`,
      };
    }),
  );
  const people = [...new Set(placed.map(({ person }) => person))].sort();
  const locked = tx.rows<EmployeeRow>(lockEmployees, [
    people.map((p) => p.slice(0, 36)),
    people.map((p) => p.slice(37)),
  ]);
  const tenantIds = [...new Set(recordings.map(({ context }) => context.tenantId))];
  tx.run(lockPeriodsOfGroup, [tenantIds]).catch(() => undefined);
  const tenants = tx.rows<TenantRow>(readTenants, [tenantIds]);
  const adjacent = tx.rows<AdjacentRow>(readAdjacent, [
    placed.map(({ recording }) => recording.context.tenantId),
    placed.map(({ draft }) => draft.employeeId),
    placed.map(({ draft }) => draft.type),
    placed.map(({ draft }) => rankOf[draft.type]),
    placed.map(({ draft }) => draft.occurredAt?.toISOString() ?? null),
    placed.map(({ draft }) => dedupeKeyOf(draft) ?? null),
  ]);
  const employees = new Map((await locked).map((row) => [people[Number(row.n) - 1] ?? '', row]));
  const byTenant = new Map(
    (await tenants).map((row) => [row.id, { ...row, settings: readTenantSettings(row.settings) }]),
  );
  const rows: AdjacentRow[] = [];
  for (const row of await adjacent) rows[Number(row.n) - 1] = row;
  const places = placed.map(({ draft, recording }) => {
    const tenant = byTenant.get(recording.context.tenantId);
    return tenant?.settings.geofence.fences.length ? placeStatusOf(draft, tenant.settings.geofence) : whereExpected;
  });
  const statuses = await dateStatusesOf(
    tx,
    placed.map(({ draft, recording, person }, index) => ({
      draft,
      by: reporterOf(draft, recording),
      heldForPlace: places[index]?.outcome === 'held',
      person: employees.get(person),
      tenant: byTenant.get(recording.context.tenantId),
    })),
  );
  return new GroupDecider(placed, employees, byTenant, rows, statuses, places, recordings.length);
}

/** Whoever could have said it about themselves is taken to have said it. */
const reporterOf = ({ employeeId }: PunchDraft, { reporters = [], context }: Recording): string =>
  reporters.includes(employeeId) ? employeeId : context.actor.userId;

/**
 * Decides a group in the order of time. What was decided earlier in the group is adjacent to what comes later, as if each
 * punch had been committed on its own.
 */
class GroupDecider implements Decider {
  private readonly created = new Map<string, AdjacentPunch[]>();
  private readonly byKey = new Map<string, Punch>();
  private readonly quarantined = new Map<string, Punch>();

  constructor(
    private readonly placed: readonly Placed[],
    private readonly employees: ReadonlyMap<string, EmployeeRow>,
    private readonly tenants: ReadonlyMap<string, { now: Date; settings: TenantSettings }>,
    private readonly rows: readonly AdjacentRow[],
    private readonly dateStatuses: readonly DateStatus[],
    private readonly places: readonly PlaceStatus[],
    private readonly recordings: number,
  ) {}

  decide(open: readonly boolean[]): PunchDecision[][] {
    const decisions: PunchDecision[][] = Array.from({ length: this.recordings }, () => []);
    for (const index of this.inOrderOfTime()) {
      const one = this.placed[index];
      if (!one || !open[one.recordingIndex]) continue;
      const decision = decide(one.draft, one.recording.context.actor.userId, this.contextOf(one, index));
      if (decision.kind === 'created') this.remember(one, decision.punch);
      const list = decisions[one.recordingIndex];
      if (list) list[one.draftIndex] = decision;
    }
    return decisions;
  }

  private inOrderOfTime(): number[] {
    const time = (index: number) => this.placed[index]?.draft.occurredAt?.getTime() ?? Infinity;
    const rank = (index: number) => rankOf[this.placed[index]?.draft.type ?? 'in'];
    const order = this.placed.map((_, index) => index);
    return order.length === 1
      ? order
      : order.sort((a, b) => (time(a) === time(b) ? rank(a) - rank(b) : time(a) < time(b) ? -1 : 1) || a - b);
  }

  private contextOf(one: Placed, index: number): PunchContext {
    const tenant = this.tenants.get(one.recording.context.tenantId);
    if (!tenant) throw new Error('A tenant of the group was not found');
    const { now, settings } = tenant;
    const at = one.draft.occurredAt ?? now;
    const row = this.rows[index];
    const employee = this.employees.get(one.person);
    const inScope =
      employee && (one.recording.scopeUnit === undefined || one.recording.scopeUnit === employee.org_unit_id);
    const fromGroup = this.created.get(one.person) ?? [];
    const previous = latest([
      ...(row?.previous_type && row.previous_at ? [{ type: row.previous_type, at: row.previous_at }] : []),
      ...fromGroup.filter((punch) => comesBefore(punch, one.draft.type, at)),
    ]);
    const nearest = closest(at, [
      ...(row?.exact_duplicate
        ? [adjacentPunchOf(punchOf(row.exact_duplicate))]
        : row?.before_at
          ? [{ type: one.draft.type, at: row.before_at }]
          : []),
      ...(row?.after_at ? [{ type: one.draft.type, at: row.after_at }] : []),
      ...fromGroup.filter((punch) => punch.type === one.draft.type),
    ]);
    const key = dedupeKeyOf(one.draft);
    const same = row?.dedupe_match
      ? punchOf(row.dedupe_match)
      : key === undefined
        ? undefined
        : this.byKey.get(dedupeName(one.recording.context.tenantId, key));
    return {
      now,
      date: this.dateStatusOf(one, at, index),
      place: this.places[index] ?? whereExpected,
      tooSoonSeconds: settings.punchTooSoonSeconds,
      presenceTimeoutHours: settings.presenceTimeoutHours,
      ...(inScope ? { employee: { active: employee.status === 'active' } } : {}),
      ...(previous ? { previous } : {}),
      ...(nearest ? { nearestOfType: nearest } : {}),
      ...(same ? { dedupeMatch: same } : {}),
    };
  }

  private dateStatusOf(one: Placed, at: Date, index: number): DateStatus {
    const status = this.dateStatuses[index] ?? unremarkable;
    const held = status.lateness === 'held' || this.places[index]?.outcome === 'held';
    if (!(status.closed || held) || status.reportedBefore) return status;
    const reportedBefore = this.quarantined.get(sameFact(one, at));
    return reportedBefore ? { ...status, reportedBefore } : status;
  }

  /** A punch in quarantine is not adjacent to any: it does not count yet. */
  private remember(one: Placed, punch: Punch): void {
    const list = this.created.get(one.person);
    if (punch.status === 'quarantined') this.quarantined.set(sameFact(one, punch.occurredAt), punch);
    else if (list) list.push(adjacentPunchOf(punch));
    else this.created.set(one.person, [adjacentPunchOf(punch)]);
    const key = dedupeKeyOf(one.draft);
    if (key !== undefined) this.byKey.set(dedupeName(one.recording.context.tenantId, key), punch);
  }
}

const sameFact = ({ person, draft }: Placed, at: Date) => `${person} ${draft.type} ${at.getTime()}`;
