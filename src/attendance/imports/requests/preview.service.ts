import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { formatInstant } from '../../rules/time/instant';
import { interpretedChunks, whileReading } from '../reading/chunks';
import { CommitTokens } from './commit-token';
import { ImportStrategy } from '../comparing/import-strategy';
import { ownWidth } from '../reading/error-file-rows';
import type { LoadCounts } from '../loading/load-punches';
import type { RowFault } from '../loading/row-fault';
import type { ImportPreview } from '../batches/import.schemas';
import { PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { localText } from '../reading/local-time';
import { unreadColumns } from '../reading/columns';
import { isTerminalFile } from '../reading/detected';
import { importMapping } from '../reading/mapping';
import { asFileProblem, type ImportSource, ImportSources } from '../files/sources';
import { loadChunk } from '../comparing/load-chunk';

const ROWS_AT_ONCE = 5_000;
/** A person waits for the answer. */
const LONGEST_MS = 8_000;

/** Says what a commit would do, and does nothing. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly sources: ImportSources,
    private readonly tokens: CommitTokens,
  ) {}

  prepare(by: Principal) {
    return this.work.read(by.tenantId, (tx) => this.tokens.issue(tx, 'anything'));
  }

  async preview(by: Principal, request: ImportPreview): Promise<Record<string, unknown>> {
    const started = Date.now();
    const source = await this.sources.open(by.tenantId, request);
    try {
      const seen = new Seen(request.previewLimit);
      const people = new PeopleIndex(by.userId);
      const strategy = new ImportStrategy(source.options);
      const options = { size: ROWS_AT_ONCE };
      const chunks = strategy.cutChunks(
        interpretedChunks(source.file.path, source.detected, await source.interpreter(), options),
      );
      const complete = await whileReading(chunks, async (rows) => {
        const { counts, faults } = await this.work.read(by.tenantId, (tx) => loadChunk(tx, rows, people, strategy));
        seen.add(rows, counts, faults);
        return Date.now() - started < LONGEST_MS;
      });
      const bound = { sha256: source.file.sha256.toString('hex'), options: source.options };
      const token = await this.work.read(by.tenantId, (tx) => this.tokens.issue(tx, bound));
      const { columns } = source.detected;
      const { kind, mode, mapping } = source.options;
      const reading = { kind, mode, columns, mapping, ...warned(source), guesses: source.guesses };
      return { ...seen.shown(), complete, ...reading, ...token };
    } catch (error) {
      throw asFileProblem(error);
    } finally {
      await source.file.remove();
    }
  }
}

/** What the look at the file warned of, with the columns that are not read; those of a terminal are the reader's own. */
function warned({ detected, options, guesses }: ImportSource) {
  const { columns, sample, warnings } = detected;
  if (isTerminalFile(detected)) return { warnings, unreadColumns: [] };
  const own = columns.slice(0, ownWidth(columns));
  const unread = unreadColumns(own, importMapping.parse(options.mapping), sample);
  const found = [
    ...(unread.length > 0 ? ['column_unread'] : []),
    ...(guesses.some(({ about }) => about === 'column') ? ['times_unread'] : []),
    ...(guesses.some(({ about }) => about === 'breakColumn') ? ['breaks_unread'] : []),
  ];
  return { warnings: [...warnings, ...found], unreadColumns: unread };
}

/** Adds up what was seen, and keeps the first rows and faults to show. */
class Seen {
  private readonly counts = { create: 0, update: 0, skip: 0, conflict: 0, reject: 0, quarantine: 0 };
  private rows = 0;
  private readonly items: Record<string, unknown>[] = [];
  private readonly errors: RowFault[] = [];

  constructor(private readonly limit: number) {}

  add(
    rows: readonly Interpreted[],
    { created, updated, skipped, conflicts, rejected, quarantined }: LoadCounts,
    faults: readonly RowFault[],
  ): void {
    this.rows += rows.length;
    this.counts.create += created;
    this.counts.update += updated;
    this.counts.skip += skipped;
    this.counts.conflict += conflicts;
    this.counts.reject += rejected;
    this.counts.quarantine += quarantined;
    this.errors.push(...faults.slice(0, this.limit - this.errors.length));
    for (const row of rows) {
      if (this.items.length >= this.limit) break;
      if (!row.ok) continue;
      const punches = row.punches.map(({ type, at, local }) => ({
        type,
        ...(at === null ? {} : { at: formatInstant(at) }),
        local: localText(local),
      }));
      this.items.push({ line: row.line, employee: row.employeeRef, punches });
    }
  }

  shown(): Record<string, unknown> {
    return { counts: this.counts, rows: this.rows, items: this.items, errors: this.errors };
  }
}
