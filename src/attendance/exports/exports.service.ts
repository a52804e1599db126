import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Ledger } from '../../audit/ledger';
import type { Principal } from '../../auth/principal';
import { asProblem } from '../../database/failures';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problem';
import { ExportRows, PATIENCE_MS, type RowQuery } from './export-rows';
import type { ExportQuery } from './export.schemas';
import { ExportSlots } from './export-slots';
import { ExportTotals } from './export-totals';
import { framed } from './framing';
import { impatient } from './impatient';
import { personColumns, sources } from './sql/sources';

/** Where an export came from. */
export interface ExportOrigin {
  readonly requestId: string;
  readonly ip: string;
}

export interface OpenedExport {
  readonly stream: Readable;
  readonly name: string;
  /** Of the bytes, where they are the same for ever. */
  readonly contentHash?: string;
}

interface Prepared {
  readonly headings: readonly string[];
  readonly lines: AsyncGenerator<string, void, undefined>;
  readonly name: string;
  readonly contentHash?: string;
}

/**
 * Rows out, however many. What can be refused is refused before anything is recorded, it is recorded before anything is sent, and
 * a page is read when the client has taken the one before.
 */
@Injectable()
export class ExportsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly ledger: Ledger,
    private readonly rows: ExportRows,
    private readonly totals: ExportTotals,
    private readonly slots: ExportSlots,
  ) {}

  async open(by: Principal, query: ExportQuery, origin: ExportOrigin): Promise<OpenedExport> {
    mustBeASpan(query);
    const leave = this.slots.take();
    let lines: Prepared['lines'] | undefined;
    try {
      const { headings, name, contentHash, ...prepared } = await this.prepare(by, query);
      lines = prepared.lines;
      await this.witness(by, query, origin);
      const first = await lines.next(); // what fails now can still be answered as a problem
      const whole = framed(query.format, headings, resumed(first, lines), query.delimiter);
      const stream = impatient(whole, PATIENCE_MS);
      // Also of a client who went away before the first byte, when nothing has begun that could end.
      stream.once('close', () => void prepared.lines.return().catch(() => undefined).finally(leave)); // prettier-ignore
      return { stream, name: `${name}.${query.format}`, ...(contentHash === undefined ? {} : { contentHash }) };
    } catch (error) {
      await lines?.return().catch(() => undefined);
      leave();
      throw error;
    }
  }

  private async prepare(by: Principal, query: ExportQuery): Promise<Prepared> {
    if (query.kind === 'totals') return this.totals.prepare(by, query);
    const asked: RowQuery = { ...query, kind: query.kind };
    if (query.format === 'xlsx') await this.rows.mustFit(by, asked);
    return {
      headings: [...personColumns, ...sources[query.kind].columns].map((column) => column.name),
      lines: this.rows.lines(by, asked),
      name: [query.kind, query.from, query.to].filter(Boolean).join('-'),
    };
  }

  /** Whoever takes data away leaves evidence: the entry is committed before there is anything to send. */
  private async witness(by: Principal, query: ExportQuery, { requestId, ip }: ExportOrigin): Promise<void> {
    const { kind, format, delimiter: _, ...filters } = query;
    const { employeeId } = filters;
    const about = employeeId === undefined ? {} : { employeeId };
    const entry = { entity: 'export', action: 'export', entityId: requestId, after: { kind, format, filters }, ...about } as const; // prettier-ignore
    try {
      await this.work.write(by.tenantId, (tx) =>
        this.ledger.append(tx, [{ tenantId: by.tenantId, userId: by.userId, requestId, ip, entries: [entry] }]),
      );
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 503) throw problem;
      throw new Problem(
        'service_unavailable',
        'The export could not be recorded, so it was not made. Try again later.',
        { cause: problem.extras.cause },
      );
    }
  }
}

function mustBeASpan({ from, to }: ExportQuery): void {
  if (from === undefined || to === undefined || from <= to) return;
  throw new Problem('end_before_start', 'The span ends before it begins.', {
    errors: [{ pointer: '?to', code: 'end_before_start', detail: `must be ${from} or later` }],
  });
}

async function* resumed(first: IteratorResult<string, void>, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
