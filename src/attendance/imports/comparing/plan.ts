import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import type { Batch } from '../loading/ingest';
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

/** What a chunk creates and what it replaces: decided first, written in one statement. */
export class ImportPlan {
  private readonly created = new Map<string, NewPunch>();
  private readonly gone: { readonly id: string; readonly line: number; readonly by: string }[] = [];

  /** Answers the new punch, to be pointed at. */
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

  /** `id` goes, for what the row of `line` says; a new punch says whom it replaces, as far as it is one. */
  replace(id: string, line: number, by: string): void {
    this.gone.push({ id, line, by });
    const made = this.created.get(by);
    if (made) made.replaces ??= id;
  }

  async store(tx: Transaction, batch: Batch): Promise<void> {
    if (this.created.size === 0 && this.gone.length === 0) return;
    const values = [
      tx.tenantId,
      batch.id,
      batch.by,
      JSON.stringify([...this.created.values()]),
      JSON.stringify(this.gone),
    ];
    const told = await tx.row<{ replaced: number }>(replacePunches, values);
    if (told?.replaced === this.gone.length) return;
    throw new Problem('service_unavailable', 'Somebody else is changing the same punches. Try again.', {
      headers: { 'Retry-After': '1' },
    });
  }
}
