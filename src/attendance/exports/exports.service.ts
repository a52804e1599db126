import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { ExportEvidence, type ExportOrigin } from '../../audit/ledger/export-evidence';
import { ExportRows, PATIENCE_MS, type RowQuery } from './export-rows';
import type { CellDelimiter } from '../files/csv';
import type { ExportQuery } from './export.schemas';
import { ExportSlots } from './export-slots';
import { ExportTotals } from './export-totals';
import { framed } from './framing';
import { impatient } from '../files/impatient';
import { LayoutFile } from './layouts/layout-file';
import type { LeftOut } from './layouts/layout-lines';
import { personColumns, sources } from './sql/sources';
import { payScopeOf } from '../pay-periods/pay-scope';
import { scopeParameters } from '../people/scope';

interface OpenedExport {
  readonly stream: Readable;
  readonly name: string;
  /** Of the bytes, where they are the same for ever. */
  readonly contentHash?: string;
  /** What a layout leaves out on purpose. */
  readonly leftOut: readonly LeftOut[];
}

/** Who may export: approvers for their org unit, payroll and administrators everybody. */
export const exporting = ['attendance:approve', 'attendance:payroll', 'attendance:admin'] as const;

/** Whether somebody may export at all, and then whose rows: a unit's, or with null the tenant's. */
export function exportReach(by: Principal): { readonly unitId: string | null } | undefined {
  if (!exporting.some((permission) => by.permissions.has(permission))) return undefined;
  return { unitId: scopeParameters(payScopeOf(by))[0] };
}

/** The parts of a file before they are framed. Reading the lines opens a snapshot; who does not read them to the end returns them. */
interface Prepared {
  readonly headings: readonly string[];
  readonly lines: AsyncGenerator<string, void, undefined>;
  readonly name: string;
  readonly contentHash?: string;
  /** Of the file, where its layout says so. */
  readonly delimiter?: CellDelimiter;
  readonly leftOut?: readonly LeftOut[];
}

/**
 * Rows out, however many. What can be refused is refused before anything is recorded, it is recorded before anything is sent, and
 * a page is read when the client has taken the one before.
 */
@Injectable()
export class ExportsService {
  constructor(
    private readonly evidence: ExportEvidence,
    private readonly rows: ExportRows,
    private readonly totals: ExportTotals,
    private readonly layouts: LayoutFile,
    private readonly slots: ExportSlots,
  ) {}

  async open(by: Principal, query: ExportQuery, origin: ExportOrigin): Promise<OpenedExport> {
    const leave = this.slots.take();
    let lines: Prepared['lines'] | undefined;
    try {
      const { headings, name, contentHash, leftOut = [], ...prepared } = await this.prepare(by, query);
      lines = prepared.lines;
      const entry = {
        entity: 'export',
        action: 'export',
        entityId: origin.requestId,
        ...exportToAudit(query),
      } as const;
      await this.evidence.record(by.tenantId, by.userId, origin, entry);
      const first = await lines.next(); // what fails now can still be answered as a problem
      const whole = framed(query.format, headings, resumed(first, lines), prepared.delimiter ?? query.delimiter);
      const stream = impatient(whole, PATIENCE_MS);
      // Also of a client who went away before the first byte, when nothing has begun that could end.
      stream.once('close', () => void prepared.lines.return().catch(() => undefined).finally(leave)); // prettier-ignore
      return {
        stream,
        leftOut,
        name: `${name}.${query.format}`,
        ...(contentHash === undefined ? {} : { contentHash }),
      };
    } catch (error) {
      await lines?.return().catch(() => undefined);
      leave();
      throw error;
    }
  }

  /** 409 period_not_closed, 422 span_too_long: what can be refused is refused here. */
  async prepare(by: Principal, query: ExportQuery): Promise<Prepared> {
    if (query.layout !== undefined) return this.layouts.prepare(by, query.periodId ?? '', query.layout);
    if (query.kind === 'totals') return this.totals.prepare(by, query);
    const asked: RowQuery = { ...query, kind: query.kind };
    if (query.format === 'xlsx') await this.rows.mustFit(by, asked);
    return {
      headings: [...personColumns, ...sources[query.kind].columns].map((column) => column.name),
      lines: this.rows.lines(by, asked),
      name: [query.kind, query.from, query.to].filter(Boolean).join('-'),
    };
  }
}

/** What the ledger keeps of what was asked for. */
export function exportToAudit({ kind, format, delimiter: _, ...filters }: ExportQuery) {
  const { employeeId } = filters;
  return { after: { kind, format, filters }, ...(employeeId === undefined ? {} : { employeeId }) };
}

async function* resumed(first: IteratorResult<string, void>, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
