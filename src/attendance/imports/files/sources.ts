import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { statement } from '../../../database/statement';
import { UnitOfWork } from '../../../database/unit-of-work';
import { notFound, Problem } from '../../../http/problems/problem';
import { RuleError } from '../../rules/errors';
import { zoneNamed } from '../../rules/time/zone';
import type { BatchOptions } from '../batches/import-batch';
import { asReturned, ReturnedRows } from '../reading/returned';
import { contradicted, leftOpen, unreadTimes } from './guesses';
import { ImportFiles } from './import-files';
import { type LocalFile, receive } from './temporary-files';
import type { ImportPreview } from '../batches/import.schemas';
import type { Detected } from '../reading/detected';
import { ImportFileError } from '../reading/errors';
import type { Guess } from '../reading/evidence';
import { detect, HEAD_BYTES } from '../reading/detect';
import type { EntryPlaces } from '../reading/entry-places';
import { inspectedAs, inspectFile } from '../reading/inspect';
import type { Interpreter } from '../reading/interpreter';
import { importMapping, type Mapping } from '../reading/mapping';
import { readRows } from '../reading/read-rows';
import { type NamedProfile, ProfileChoice, type Reading } from '../profiles/profile-choice';

/** A file on this machine, known and ready to be read; whoever opened it removes it. */
export interface ImportSource {
  readonly file: LocalFile;
  /** Present for an upload, which is stored already. */
  readonly fileId?: string;
  readonly name: string;
  readonly detected: Detected;
  readonly options: BatchOptions;
  /** What was guessed about the reading, and not said by the request or a profile. */
  readonly guesses: readonly Guess[];
  interpreter(): Promise<Interpreter>;
}

/** What a request may say about the reading without a whole mapping. */
type Beside = Pick<ImportPreview, 'dateFormat' | 'decimalTimes' | 'dayStart' | 'entryOrder' | 'ignoreColumns'>;
type Told = Pick<
  ImportPreview,
  'fileId' | 'csvText' | 'rows' | 'kind' | 'profile' | 'mapping' | 'timeZone' | 'mode' | keyof Beside
> & {
  /** The mapping is that of a stored profile, and nobody has said it for this file. */
  readonly mappingIsKept?: boolean;
};

const zoneOf = statement('imports.tenant_zone', 'SELECT time_zone FROM tenants WHERE id = $1');

/** Opens what a preview or a commit names: an upload, a text, or rows. */
@Injectable()
export class Sources {
  constructor(
    private readonly work: UnitOfWork,
    private readonly files: ImportFiles,
    private readonly choice: ProfileChoice,
  ) {}

  /** The same request with everything said that its profile says, and that profile, named for whoever has to confirm it. */
  async confirmed<T extends Told>(tenantId: string, told: T): Promise<{ told: T; profile?: NamedProfile }> {
    const detected = await this.glance(tenantId, told);
    if (!detected) return { told };
    const { reading, profile } = await this.choice.make(tenantId, told, detected);
    const mappingIsKept = told.mapping === undefined && reading.mapping !== undefined;
    return { told: { ...told, profile: undefined, ...reading, mappingIsKept }, ...(profile ? { profile } : {}) };
  }

  async open(tenantId: string, told: Told): Promise<ImportSource> {
    const stored = told.fileId === undefined ? undefined : await this.files.find(tenantId, told.fileId);
    if (told.fileId !== undefined && !stored) throw unknownFile();
    const row = await this.work.read(tenantId, (tx) => tx.row<{ time_zone: string }>(zoneOf, [tenantId]));
    const file = stored
      ? await this.files.fetch(tenantId, stored.id)
      : await receive(Readable.from([Buffer.from(inlineText(told))]));
    try {
      const guessed = stored?.detected ?? (await inspected(file.path, {}));
      const { reading } = await this.choice.make(tenantId, told, guessed);
      const kept = told.mapping && !told.mappingIsKept ? undefined : reading.mapping;
      const said = reading.mapping && { ...reading.mapping, ...besideOf(told) };
      const detected = said ? await inspectedAs(file.path, guessed, said) : guessed;
      const zone = reading.timeZone ?? row?.time_zone ?? 'UTC';
      const options = { ...optionsOf(reading, told, detected, zone), mode: told.mode };
      const interpreter = () => readyInterpreter(file.path, detected, options);
      interpreterFor(detected, options); // an unknown zone or column is refused here, not in the middle
      return {
        file,
        name: stored?.name ?? 'inline',
        detected,
        options,
        guesses: [
          ...(kept ? contradicted(kept, besideOf(told), detected) : []),
          ...leftOpen(said ?? besideOf(told), detected),
          ...unreadTimes(importMapping.parse(options.mapping), detected),
        ],
        interpreter,
        ...(stored ? { fileId: stored.id } : {}),
      };
    } catch (error) {
      await file.remove();
      throw asFileProblem(error);
    }
  }

  /** The SHA-256 of what a commit names, in hexadecimal; undefined for an upload that is not kept any more. */
  async hashOf(tenantId: string, told: Told): Promise<string | undefined> {
    if (told.fileId !== undefined) return (await this.files.find(tenantId, told.fileId))?.sha256;
    return hash('sha256', inlineText(told));
  }

  /** What the file looks like, or undefined where it cannot be opened: opening it says why. */
  private async glance(tenantId: string, told: Told): Promise<Detected | undefined> {
    if (told.fileId !== undefined) return (await this.files.find(tenantId, told.fileId))?.detected;
    try {
      return asReturned(detect(Buffer.from(inlineText(told)).subarray(0, HEAD_BYTES)));
    } catch (error) {
      if (error instanceof ImportFileError) return undefined;
      throw error;
    }
  }
}

/** Looks at a file; what makes it unreadable is one problem that names the remedy. */
export async function inspected(path: string, hints: { fileName?: string; mediaType?: string }): Promise<Detected> {
  try {
    return asReturned(await inspectFile(path, hints));
  } catch (error) {
    throw asFileProblem(error);
  }
}

export function asFileProblem(error: unknown): unknown {
  if (!(error instanceof ImportFileError)) return error;
  return new Problem('import_file_invalid', error.detail, {
    errors: [{ pointer: '', code: error.code, detail: error.detail }],
  });
}

/** The interpreter of a file, which has looked through it where what its first rows mean depends on the last ones. */
export async function readyInterpreter(path: string, detected: Detected, options: BatchOptions): Promise<Interpreter> {
  const first = interpreterFor(detected, options);
  if (!first.isCumulative || importMapping.parse(options.mapping).entryOrder !== 'reversed') return first;
  for await (const rows of readRows(path, detected)) {
    first.interpret(rows);
    await nextTurn();
  }
  return interpreterFor(detected, options, first.entries);
}

function interpreterFor(detected: Detected, options: BatchOptions, entriesAfter?: EntryPlaces): Interpreter {
  try {
    const mapping = importMapping.parse(options.mapping);
    return new ReturnedRows(detected.columns, mapping, {
      timeZone: options.timeZone,
      kind: options.kind,
      ...(entriesAfter ? { entriesAfter } : {}),
    });
  } catch (error) {
    if (error instanceof RuleError) throw unknownZone(options.timeZone);
    throw asFileProblem(error);
  }
}

function optionsOf(told: Reading, beside: Beside, detected: Detected, timeZone: string): BatchOptions {
  const mapping: Mapping | null = told.mapping ?? detected.mapping;
  if (mapping === null) {
    const columns = detected.columns.slice(0, 50).join(', ');
    throw new Problem('import_file_invalid', `Say what the columns mean: the file has ${columns || 'no header'}.`, {
      errors: [
        { pointer: '/mapping', code: 'mapping_incomplete', detail: 'name the columns of the employee and of the time' },
      ],
    });
  }
  try {
    zoneNamed(timeZone);
  } catch {
    throw unknownZone(timeZone);
  }
  return { kind: told.kind ?? detected.kind, timeZone, mapping: completed(mapping, beside, detected) };
}

/** A mapping with what the request says beside it, and with what the file says where the mapping says nothing. */
function completed(mapping: Mapping, beside: Beside, detected: Detected): Mapping {
  const { dateFormat, decimalTimes, breakUnit } = { ...detected.mapping, ...mapping };
  return {
    ...mapping,
    ...(dateFormat === undefined ? {} : { dateFormat }),
    ...(decimalTimes === undefined ? {} : { decimalTimes }),
    ...(breakUnit === undefined ? {} : { breakUnit }),
    ...besideOf(beside),
  };
}

/** What a request says about the reading beside a mapping, and comes before it. */
export function besideOf({ dateFormat, decimalTimes, dayStart, entryOrder, ignoreColumns }: Beside): Partial<Mapping> {
  return {
    ...(dateFormat === undefined ? {} : { dateFormat }),
    ...(decimalTimes === undefined ? {} : { decimalTimes }),
    ...(dayStart === undefined ? {} : { dayStart }),
    ...(entryOrder === undefined ? {} : { entryOrder }),
    ...(ignoreColumns === undefined ? {} : { ignoreColumns }),
  };
}

function inlineText({ csvText, rows }: Told): string {
  return csvText ?? (rows ?? []).map((row) => JSON.stringify(row)).join('\n');
}

const unknownFile = () => {
  const missing = notFound('file');
  return new Problem(missing.code, missing.detail, {
    errors: [{ pointer: '/fileId', code: 'not_found', detail: 'upload the file; it is kept for seven days' }],
  });
};

const unknownZone = (zone: string) =>
  new Problem('time_zone_unknown', `${zone.slice(0, 64)} is not an IANA time zone, such as Europe/Berlin.`, {
    errors: [{ pointer: '/timeZone', code: 'time_zone_unknown', detail: 'is not an IANA time zone' }],
  });
