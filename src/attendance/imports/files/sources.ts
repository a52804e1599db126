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
import { ErrorFileInterpreter, isErrorFile, withoutErrorColumns } from '../reading/error-file-rows';
import { contradicted, leftOpen, unreadBreaks, unreadTimes } from './guesses';
import { ImportFiles } from './import-files';
import { type LocalFile, receive } from './temporary-files';
import type { ImportPreview } from '../batches/import.schemas';
import type { Detected } from '../reading/detected';
import { ImportFileError } from '../reading/errors';
import type { Guess } from '../reading/guess';
import { detect, HEAD_BYTES } from '../reading/detect';
import type { EntryPlaces } from '../reading/entry-places';
import { inspectedAs, inspectFile, type InspectOptions } from '../reading/inspect';
import { Interpreter } from '../reading/interpreter';
import { importMapping, type Mapping } from '../reading/mapping';
import { readRows } from '../reading/read-rows';
import { type NamedProfile, ProfileChoice, type Reading } from '../profiles/profile-choice';

/** A local file that is ready to be read. Whoever opened it removes it. */
export interface ImportSource {
  readonly file: LocalFile;
  /** Present for an upload, which is stored already. */
  readonly fileId?: string;
  readonly name: string;
  readonly detected: Detected;
  readonly options: BatchOptions;
  /** Guesses about settings that neither the request nor a profile sets. */
  readonly guesses: readonly Guess[];
  interpreter(): Promise<Interpreter>;
}

/** Settings that a request may give without a whole mapping. */
type Beside = Pick<
  ImportPreview,
  'dateFormat' | 'decimalTimes' | 'breakUnit' | 'hoursUnit' | 'dayStart' | 'entryOrder' | 'ignoreColumns'
>;
type ImportRequest = Pick<
  ImportPreview,
  'fileId' | 'csvText' | 'rows' | 'kind' | 'profile' | 'mapping' | 'timeZone' | 'mode' | keyof Beside
> & {
  /** The mapping comes from a stored profile, not from the request. */
  readonly mappingIsStored?: boolean;
};

const zoneOf = statement('imports.tenant_zone', 'SELECT time_zone FROM tenants WHERE id = $1');

/** Opens the file of a preview or a commit: an upload, a text, or rows. */
@Injectable()
export class ImportSources {
  constructor(
    private readonly work: UnitOfWork,
    private readonly files: ImportFiles,
    private readonly choice: ProfileChoice,
  ) {}

  /** The request completed by its profile, and that profile, so that somebody can confirm it. */
  async withProfile<T extends ImportRequest>(
    tenantId: string,
    request: T,
  ): Promise<{ request: T; profile?: NamedProfile }> {
    const detected = await this.peek(tenantId, request);
    if (!detected) return { request };
    const { reading, profile } = await this.choice.make(tenantId, request, detected);
    const mappingIsStored = request.mapping === undefined && reading.mapping !== undefined;
    return {
      request: { ...request, profile: undefined, ...reading, mappingIsStored },
      ...(profile ? { profile } : {}),
    };
  }

  async open(tenantId: string, request: ImportRequest): Promise<ImportSource> {
    const stored = request.fileId === undefined ? undefined : await this.files.find(tenantId, request.fileId);
    if (request.fileId !== undefined && !stored) throw unknownFile();
    const row = await this.work.read(tenantId, (tx) => tx.row<{ time_zone: string }>(zoneOf, [tenantId]));
    const file = stored
      ? await this.files.fetch(tenantId, stored.id)
      : await receive(Readable.from([Buffer.from(inlineText(request))]));
    try {
      const guessed = stored?.detected ?? (await inspected(file.path, {}));
      const { reading } = await this.choice.make(tenantId, request, guessed);
      const profileMapping = request.mapping && !request.mappingIsStored ? undefined : reading.mapping;
      const mapping = reading.mapping && { ...reading.mapping, ...besideOf(request) };
      const detected = mapping ? await inspectedAs(file.path, guessed, mapping) : guessed;
      const zone = reading.timeZone ?? row?.time_zone ?? 'UTC';
      const options = { ...optionsOf(reading, request, detected, zone), mode: request.mode };
      const interpreter = () => readyInterpreter(file.path, detected, options);
      interpreterFor(detected, options); // an unknown zone or column is refused here, not in the middle
      return {
        file,
        name: stored?.name ?? 'inline',
        detected,
        options,
        guesses: [
          ...(profileMapping ? contradicted(profileMapping, besideOf(request), detected) : []),
          ...leftOpen(mapping ?? besideOf(request), detected),
          ...unreadTimes(importMapping.parse(options.mapping), detected),
          ...unreadBreaks(importMapping.parse(options.mapping), detected),
        ],
        interpreter,
        ...(stored ? { fileId: stored.id } : {}),
      };
    } catch (error) {
      await file.remove();
      throw asFileProblem(error);
    }
  }

  /** The SHA-256 of the file of a commit, in hexadecimal; undefined for an upload that has been deleted. */
  async hashOf(tenantId: string, request: ImportRequest): Promise<string | undefined> {
    if (request.fileId !== undefined) return (await this.files.find(tenantId, request.fileId))?.sha256;
    return hash('sha256', inlineText(request));
  }

  /** What the file looks like, or undefined if it cannot be read: open() says why. */
  private async peek(tenantId: string, request: ImportRequest): Promise<Detected | undefined> {
    if (request.fileId !== undefined) return (await this.files.find(tenantId, request.fileId))?.detected;
    try {
      return withoutErrorColumns(detect(Buffer.from(inlineText(request)).subarray(0, HEAD_BYTES)));
    } catch (error) {
      if (error instanceof ImportFileError) return undefined;
      throw error;
    }
  }
}

/** Looks at a file. Throws a Problem that names the remedy if it cannot be read. */
export async function inspected(path: string, hints: InspectOptions): Promise<Detected> {
  try {
    return withoutErrorColumns(await inspectFile(path, hints));
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

/** The interpreter of a file. It reads the whole file first if the meaning of its first rows depends on its last ones. */
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
    const Reader = isErrorFile(detected.columns) ? ErrorFileInterpreter : Interpreter;
    return new Reader(detected.columns, mapping, {
      timeZone: options.timeZone,
      kind: options.kind,
      ...(entriesAfter ? { entriesAfter } : {}),
    });
  } catch (error) {
    if (error instanceof RuleError) throw unknownZone(options.timeZone);
    throw asFileProblem(error);
  }
}

function optionsOf(request: Reading, beside: Beside, detected: Detected, timeZone: string): BatchOptions {
  const mapping: Mapping | null = request.mapping ?? detected.mapping;
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
  return { kind: request.kind ?? detected.kind, timeZone, mapping: completed(mapping, beside, detected) };
}

/** A mapping completed by the file, and overridden by the settings of the request. */
function completed(mapping: Mapping, beside: Beside, detected: Detected): Mapping {
  const { dateFormat, decimalTimes, breakUnit, hoursUnit } = { ...detected.mapping, ...mapping };
  return { ...mapping, ...besideOf({ dateFormat, decimalTimes, breakUnit, hoursUnit }), ...besideOf(beside) };
}

/** The settings of a request beside its mapping, which they override. */
export function besideOf(request: Beside): Partial<Mapping> {
  const { dateFormat, decimalTimes, breakUnit, hoursUnit, dayStart, entryOrder, ignoreColumns } = request;
  return {
    ...(dateFormat === undefined ? {} : { dateFormat }),
    ...(decimalTimes === undefined ? {} : { decimalTimes }),
    ...(breakUnit === undefined ? {} : { breakUnit }),
    ...(hoursUnit === undefined ? {} : { hoursUnit }),
    ...(dayStart === undefined ? {} : { dayStart }),
    ...(entryOrder === undefined ? {} : { entryOrder }),
    ...(ignoreColumns === undefined ? {} : { ignoreColumns }),
  };
}

function inlineText({ csvText, rows }: ImportRequest): string {
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
