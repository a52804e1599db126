import type { IsClosed } from '../../closed-periods/closed-periods';
import type { Transaction } from '../../../database/transaction';
import { formatDate } from '../../rules/time/calendar';
import type { Instant } from '../../rules/time/instant';
import type { Batch, IngestCounts } from '../loading/ingest';
import type { RowFault } from '../loading/row-fault';
import type { PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { compareDay } from './compare-day';
import { tellDays } from './comparing.statements';
import { DayJudge, sum } from './day-judge';
import { guarded } from './guarding';
import { KnownPunches, type PersonStretch } from './known-punches';
import type { Manner } from './manner';
import { LONGEST_STRETCH } from './of-day';
import { type ToldDay, toldDays } from './told-days';

/**
 * Takes rows of which each tells a person's whole day. A day of which nothing is on record, or less than the row tells, is completed;
 * one that stands otherwise is left and listed, or replaced where the import is told to. People must be known to `people`.
 */
export async function ingestDays(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  manner: Manner,
  batch: Batch | undefined,
): Promise<{ counts: IngestCounts; faults: readonly RowFault[] }> {
  const { days, keys, faults, rejected } = toldDays(rows, people);
  const isClosed = await guarded(
    tx,
    days.map(({ person }) => person.id),
    batch,
  );
  const stretches = days.map((day) => stretchOf(day, isClosed));
  const known = await KnownPunches.read(tx, stretches, batch?.id ?? null);
  const fresh = manner.overrides ? await firstTold(tx, days, manner, batch) : undefined;
  const judge = new DayJudge(isClosed);
  for (const [index, day] of days.entries()) {
    const { from, to } = stretches[index] ?? stretchOf(day, isClosed);
    const around = known.of(day.person.id, from, to);
    const difference = compareDay(day.punches, around, midnightsOf(day), keys.get(day.person.id));
    if (difference.extra.length === 0 || fresh?.has(nameOf(day)) === false) judge.complete(day, difference);
    else if (!manner.overrides) judge.leave(day, difference);
    else judge.replace(day, difference, around);
  }
  if (batch) await judge.plan.store(tx, batch);
  const all = [...faults, ...judge.faults].sort((a, b) => a.line - b.line);
  return { counts: sum(judge.counts, { rejected }), faults: all };
}

function midnightsOf({ person, day }: ToldDay): { from: Instant; to: Instant } {
  const { zone } = person.employee;
  return { from: zone.dayStart(day), to: zone.dayStart(day + 1) };
}

/** What decides about a day lies in it, in the night before and in the night behind. */
function stretchOf(told: ToldDay, isClosed: IsClosed): PersonStretch {
  const { from, to } = midnightsOf(told);
  const last = told.punches.reduce((latest, { at }) => Math.max(latest, at), to);
  return {
    employeeId: told.person.id,
    from: from - LONGEST_STRETCH,
    to: last + LONGEST_STRETCH,
    mayWait: told.person.isImporter || isClosed(told.day) || isClosed(told.day + 1),
  };
}

const nameOf = ({ person, day }: ToldDay) => `${person.id} ${formatDate(day)}`;

/**
 * The days that no earlier chunk of the file has told of. Where one has, that one has said what no longer stands, and its own punches
 * are not to be taken for what the file contradicts.
 */
async function firstTold(
  tx: Transaction,
  days: readonly ToldDay[],
  { told }: Manner,
  batch: Batch | undefined,
): Promise<ReadonlySet<string>> {
  if (!batch) {
    const fresh = days.map(nameOf).filter((name) => !told.has(name));
    for (const name of fresh) told.add(name);
    return new Set(fresh);
  }
  const values = [days.map(({ person }) => person.id), days.map(({ day }) => formatDate(day))];
  const rows = await tx.rows<{ employee_id: string; day: string }>(tellDays, [tx.tenantId, batch.id, ...values]);
  return new Set(rows.map(({ employee_id: id, day }) => `${id} ${day}`));
}
