import { isUtf8 } from 'node:buffer';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describeTable, judged } from './describe';
import { detect, HEAD_BYTES } from './detect';
import { type Detected, isTerminalFile } from './detected';
import { byteOrderMark, encodingOf, withoutCutCharacter, type Encoding } from './encoding';
import { ImportFileError } from './errors';
import { haveSameEvidence, ReadingEvidence, isComplete } from './evidence';
import type { Mapping } from './mapping';
import { readRows } from './read-rows';
import type { Row } from './row';
import { OLE, refuseOle } from './signatures';
import { chunksOf } from './source';
import { readSheet, type SheetOptions } from './xlsx/read-sheet';

export interface InspectOptions extends SheetOptions {
  readonly fileName?: string;
  readonly mediaType?: string;
}

const SHEET_SAMPLE_ROWS = 200;
/** Each is opened in a thread of its own: a year of months with a cover, and a few more. */
const MOST_SHEETS = 16;

/**
 * `detect` with the whole file at hand: opens workbooks, finds the password of one at its real place, and looks through
 * all of a text for the first byte that is not UTF-8, because an accent may first turn up in the last row; and through all
 * rows of a table, because so may a date or a number that can be read in more than one way. Throws ImportFileError.
 */
export async function inspectFile(path: string, options: InspectOptions = {}): Promise<Detected> {
  const detected = await described(path, options);
  return detected.mapping && !isTerminalFile(detected) ? withWholeEvidence(path, detected) : detected;
}

/**
 * The description of a file by the columns that a mapping names: looks through the whole file where dates, times or breaks stand in others
 * than those that it was judged by, and the mapping does not say how all of them are read. Throws ImportFileError.
 */
export async function inspectedAs(path: string, detected: Detected, mapping: Mapping): Promise<Detected> {
  if (isComplete(mapping) || haveSameEvidence(mapping.fields, detected.mapping?.fields)) return detected;
  return withWholeEvidence(path, { ...detected, mapping });
}

async function withWholeEvidence(path: string, detected: Detected): Promise<Detected> {
  const evidence = new ReadingEvidence(detected.columns, detected.mapping?.fields ?? null, detected.format === 'xlsx');
  for await (const rows of readRows(path, detected)) {
    evidence.add(rows);
    await nextTurn();
  }
  return judged(detected, evidence);
}

async function described(path: string, options: InspectOptions): Promise<Detected> {
  const file = await open(path);
  let head: Buffer;
  try {
    head = await readAt(file, 0, HEAD_BYTES);
    if (head.subarray(0, OLE.length).equals(OLE)) refuseOle(await oleDirectory(file, head));
  } finally {
    await file.close();
  }
  const detected = detect(head, options.fileName, options.mediaType);
  if (detected.format === 'xlsx') return inspectWorkbook(path, options);
  const encoding = await encodingOfFile(path, head);
  return encoding === detected.encoding ? detected : detect(head, options.fileName, options.mediaType, encoding);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** The list of streams stands in a sector that the header names, often the last of the file. */
async function oleDirectory(file: FileHandle, head: Buffer): Promise<Buffer> {
  if (head.length < 52) return head;
  const sectorBytes = head.readUInt16LE(30) === 12 ? 4096 : 512;
  const directory = await readAt(file, (head.readUInt32LE(48) + 1) * sectorBytes, 4 * sectorBytes);
  return Buffer.concat([head, directory]);
}

/** Reads at disk speed: the check itself does gigabytes a second. */
async function encodingOfFile(path: string, head: Buffer): Promise<Encoding> {
  const encoding = encodingOf(head);
  if (encoding !== 'utf-8' || byteOrderMark(head).encoding) return encoding;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunksOf(path, () => undefined)) {
    const piece = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = withoutCutCharacter(piece);
    if (!isUtf8(whole)) return encodingOf(piece);
    if (piece.includes(0)) throw new ImportFileError('not_a_table', 'The file is binary: it holds NUL bytes.');
    rest = piece.subarray(whole.length);
  }
  return encoding;
}

/**
 * The description of the sheet that is asked for, or of the only one with a table that can be read: a cover sheet may stand in front. Where
 * several have one, or are too many to be looked at, nobody but the sender knows whether one of them may be left out.
 */
async function inspectWorkbook(path: string, options: InspectOptions): Promise<Detected> {
  const first = await describedSheet(path, options);
  const { sheets } = first;
  if (options.sheet !== undefined || sheets.length === 1) return tableOf(first);
  if (sheets.length > MOST_SHEETS) throw severalSheets(sheets);
  const found = [first];
  for (const sheet of sheets.slice(1)) found.push(await describedSheet(path, { ...options, sheet }));
  const tables = found.flatMap(({ table }) => (table instanceof ImportFileError ? [] : [table]));
  const chosen = tables.find(({ mapping }) => mapping !== null) ?? tables[0];
  if (!chosen) return tableOf(first);
  const alike = tables.filter((each) => each.mapping !== null || each.columns.join('\n') === chosen.columns.join('\n'));
  if (alike.length > 1) throw severalSheets(alike.map(({ workbook }) => workbook?.sheet ?? ''));
  return chosen;
}

function severalSheets(names: readonly string[]): ImportFileError {
  const shown = names.slice(0, MOST_SHEETS).map((name) => name.slice(0, 40));
  const more = names.length > shown.length ? ' and more' : '';
  return new ImportFileError('several_sheets', `Of the workbook these may be meant: ${shown.join(', ')}${more}.`);
}

interface DescribedSheet {
  readonly sheets: readonly string[];
  /** Why the sheet is no table, where it is none. */
  readonly table: Detected | ImportFileError;
}

function tableOf({ table }: DescribedSheet): Detected {
  if (table instanceof ImportFileError) throw table;
  return table;
}

async function describedSheet(path: string, options: InspectOptions): Promise<DescribedSheet> {
  const { facts, pieces } = await readSheet(path, options);
  const { sheets, sheet } = facts;
  const sample: Row[] = [];
  for await (const { rows } of pieces) {
    sample.push(...rows.slice(0, SHEET_SAMPLE_ROWS - sample.length));
    if (sample.length >= SHEET_SAMPLE_ROWS) break;
  }
  const container = { format: 'xlsx', encoding: 'utf-8', delimiter: null, quote: null } as const;
  try {
    if (sample.length === 0) throw new ImportFileError('empty_file', `The sheet ${sheet} is empty.`);
    return { sheets, table: describeTable({ ...container, workbook: { sheets, sheet } }, sample) };
  } catch (error) {
    const isNoTable = error instanceof ImportFileError && (error.code === 'empty_file' || error.code === 'not_a_table');
    if (!isNoTable) throw error;
    return { sheets, table: error };
  }
}
