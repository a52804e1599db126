import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Ledger } from '../../audit/ledger/ledger';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Transaction } from '../../database/transaction';
import { adjustmentsOf } from '../rules/periods/adjustment';
import { formatDate } from '../rules/time/calendar';
import { computeDays } from './compute';
import { type EmployeeDates, readInputs } from './inputs';
import { differencesOf, type Differences, type RecordedDays, recordedOf } from './differences';
import { readExceptions, readRecorded } from './inputs.statements';
import { exceptionsIn } from './exception-changes';
import {
  bookAdjustments,
  changeExceptions,
  dropDays,
  openExceptions,
  readPaidDays,
  resetApprovals,
  saveDays,
  saveDue,
} from './store.statements';

/** What a computation came to, for metrics and for whoever asked for a rebuild. */
export interface Computation {
  readonly people: number;
  /** Days that were looked at, and those whose record was written anew, made or taken away. */
  readonly days: number;
  readonly changed: number;
}

interface PaidRow extends Record<string, unknown> {
  id: string;
  date: string;
  buckets: Bucket[] | null;
  adjusted: Bucket[] | null;
}
type Bucket = Parameters<typeof adjustmentsOf>[0][number];

/** Nobody on the network: what the server does by itself. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Computes days and puts them on record, writing only what differs. Whoever calls holds the lock of the people (see claimMarked),
 * so that one computation at a time is under way for each of them. Closed days are never written: what late facts make of them
 * is booked as an adjustment.
 */
@Injectable()
export class DayComputer {
  constructor(private readonly ledger: Ledger) {}

  /** `near`: the dates lie near a change, and are widened to all that it can move. `exactly`: these dates alone. */
  async compute(
    tx: Transaction,
    asked: readonly EmployeeDates[],
    dates: 'near' | 'exactly' = 'near',
  ): Promise<Computation> {
    tx.forceIndexPlans();
    const { people, context } = await readInputs(tx, asked, dates);
    const ids = people.map(({ employee }) => employee.id);
    const first = people.map(({ span }) => formatDate(span.from));
    const last = people.map(({ span }) => formatDate(span.to));
    const [recorded, exceptions] = await Promise.all([
      tx.rows<{ id: string; rows: string }>(readRecorded, [tx.tenantId, ids, first, last]),
      tx.rows<{ id: string; rows: string }>(readExceptions, [tx.tenantId, ids, first, last]),
    ]);
    const found = new Map(exceptions.map(({ id, rows }) => [id, exceptionsIn(rows)]));
    const onRecord = new Map<string, RecordedDays>(recorded.map(({ id, rows }) => [id, recordedOf(rows)]));
    const all = people.map((inputs) =>
      differencesOf(
        inputs,
        context,
        computeDays(inputs, context),
        onRecord.get(inputs.employee.id) ?? new Map(),
        found.get(inputs.employee.id) ?? [],
      ),
    );
    this.save(tx, all);
    await Promise.all([this.resetApprovals(tx, all), this.adjust(tx, all)]);
    return {
      people: people.length,
      days: people.reduce((sum, { span }) => sum + span.to - span.from + 1, 0),
      changed: all.reduce((sum, { saved, dropped }) => sum + saved.length + dropped.length, 0),
    };
  }

  /** Sent, not awaited: the transaction reports a failure. */
  private save(tx: Transaction, all: readonly Differences[]): void {
    const send = (statement: Parameters<Transaction['run']>[0], values: readonly unknown[]) => {
      tx.run(statement, [tx.tenantId, ...values]).catch(() => undefined);
    };
    const saved = all.flatMap(({ employeeId, saved: days }) => days.map((day) => rowOf(employeeId, day)));
    if (saved.length > 0) send(saveDays, [`[${saved.join(',')}]`]);
    const due = all.flatMap(({ employeeId, due: days }) => days.map((each) => ({ employeeId, ...each })));
    if (due.length > 0) {
      send(saveDue, [due.map((d) => d.employeeId), due.map((d) => d.date), due.map((d) => d.dueAt)]);
    }
    const dropped = all.flatMap(({ employeeId, dropped: dates }) => dates.map((date) => ({ employeeId, date })));
    if (dropped.length > 0) send(dropDays, [dropped.map((d) => d.employeeId), dropped.map((d) => d.date)]);
    const insert = all.flatMap(({ employeeId: e, opened }) =>
      opened.map(({ date: d, found: { code: c, anchor: a, state, at: t, seconds: n } }) => {
        return { e, d, c, a, s: state, t, n };
      }),
    );
    if (insert.length > 0) send(openExceptions, [JSON.stringify(insert)]);
    const change = all.flatMap(({ changed }) =>
      changed.map(({ id: i, was: w, status: s, at: t, seconds: n }) => ({ i, w, s, t, n })),
    );
    if (change.length > 0) send(changeExceptions, [JSON.stringify(change)]);
  }

  /** The approval of a day that has changed becomes pending again, with evidence. */
  private async resetApprovals(tx: Transaction, all: readonly Differences[]): Promise<void> {
    const fallen = all.flatMap(({ employeeId, reset }) => reset.map((date) => ({ employeeId, date })));
    if (fallen.length === 0) return;
    const rows = await tx.rows<{ employee_id: string; date: string }>(resetApprovals, [
      tx.tenantId,
      fallen.map((each) => each.employeeId),
      fallen.map((each) => each.date),
    ]);
    this.recordAudit(
      tx,
      rows.map(({ employee_id: employeeId, date }) => ({
        entity: 'day',
        action: 'update',
        entityId: `${employeeId}/${date}`,
        employeeId,
        before: { approval: 'approved' },
        after: { approval: 'pending', reason: 'What was approved has changed' },
      })),
    );
  }

  /** For closed days: the difference between what the facts come to now and what was paid, once. */
  private async adjust(tx: Transaction, all: readonly Differences[]): Promise<void> {
    const late = all.flatMap(({ employeeId, closed }) => closed.map((day) => ({ employeeId, ...day })));
    if (late.length === 0) return;
    const rows = await tx.rows<PaidRow>(readPaidDays, [
      tx.tenantId,
      late.map((each) => each.employeeId),
      late.map((each) => each.date),
    ]);
    const booked = late.flatMap(({ employeeId, date, buckets }) => {
      const row = rows.find((each) => each.id === employeeId && each.date === date);
      const paid = [...(row?.buckets ?? []), ...(row?.adjusted ?? [])];
      return adjustmentsOf(paid, buckets).map((each) => ({ id: uuidv7(), employeeId, date, ...each }));
    });
    if (booked.length === 0) return;
    const reason = 'Late facts for a closed day';
    const values = booked.map(({ id: i, employeeId: e, date: d, source: p, rate: f, seconds: n }) => {
      return { i, e, d, p, f, n, w: reason };
    });
    tx.run(bookAdjustments, [tx.tenantId, JSON.stringify(values)]).catch(() => undefined);
    this.recordAudit(
      tx,
      booked.map(({ id, employeeId, ...after }) => ({
        entity: 'adjustment',
        action: 'create',
        entityId: id,
        employeeId,
        after: { ...after, reason },
      })),
    );
  }

  private recordAudit(tx: Transaction, entries: readonly AuditEntry[]): void {
    if (entries.length === 0) return;
    this.ledger
      .append(tx, [{ tenantId: tx.tenantId, userId: NOBODY, requestId: 'day-worker', ip: '127.0.0.1', entries }])
      .catch(() => undefined);
  }
}

/** A row of saveDays as JSON; the record is text already. The sums in the order of its columns. */
function rowOf(employeeId: string, { day, hash, policyId, dueAt, json }: Differences['saved'][number]): string {
  const policy = policyId === null ? 'null' : `"${policyId}"`;
  const sums = [
    day.scheduledSeconds,
    day.workedSeconds,
    day.payableSeconds,
    day.regularSeconds,
    day.overtimeSeconds,
    day.doubleTimeSeconds,
    day.premiumSeconds,
    day.breakSeconds,
    day.lateSeconds,
    day.earlySeconds,
    day.mealPremiumSeconds,
    day.exceptions.length,
  ];
  return `{"e":"${employeeId}","d":"${day.date}","h":"${hash}","p":${policy},"s":"${day.status}","n":[${sums.join(',')}],"b":${JSON.stringify(day.buckets)},"t":${String(dueAt)},"r":${json}}`;
}
