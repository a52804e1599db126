import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import type { Batch } from '../loading/load-punches';
import type { ReportedPunch } from './compare-day';
import { replacePunches } from './comparing.statements';

interface NewPunch {
  readonly id: string;
  readonly line: number;
  readonly employee: string;
  readonly type: string;
  readonly at: number;
  readonly device: string | null;
  readonly status: 'active' | 'quarantined';
  replaces: string | null;
}

/** The punches that a chunk creates and those that it replaces. Decided first, then written by one statement. */
export class ImportPlan {
  private readonly created = new Map<string, NewPunch>();
  private readonly replaced: { readonly id: string; readonly line: number; readonly by: string }[] = [];

  /** Answers the new punch, so that a replaced one can point at it. */
  create(employeeId: string, punch: ReportedPunch, status: NewPunch['status']): { readonly id: string } {
    const { line, type, at, deviceId } = punch;
    const made = {
      id: uuidv7(),
      line,
      employee: employeeId,
      type,
      at,
      device: deviceId ?? null,
      status,
      replaces: null,
    };
    this.created.set(made.id, made);
    return made;
  }

  /** Punch `id` is superseded by `by`, because of the row of `line`. If `by` is new, it names the first punch that it replaces. */
  replace(id: string, line: number, by: string): void {
    this.replaced.push({ id, line, by });
    const made = this.created.get(by);
    if (made) made.replaces ??= id;
  }

  async store(tx: Transaction, batch: Batch): Promise<void> {
    if (this.created.size === 0 && this.replaced.length === 0) return;
    const values = [
      tx.tenantId,
      batch.id,
      batch.by,
      JSON.stringify([...this.created.values()]),
      JSON.stringify(this.replaced),
    ];
    const done = await tx.row<{ replaced: number }>(replacePunches, values);
    if (done?.replaced === this.replaced.length) return;
    throw new Problem('service_unavailable', 'Somebody else is changing the same punches. Try again.', {
      headers: { 'Retry-After': '1' },
    });
  }
}
