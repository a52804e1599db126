import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingFor, type Detected } from '../../../src/attendance/imports/reading/detected';
import type { FaultyRow, Interpreted, ReadableRow } from '../../../src/attendance/imports/reading/draft';
import { ImportFileError } from '../../../src/attendance/imports/reading/errors';
import { inspectFile, type InspectOptions } from '../../../src/attendance/imports/reading/inspect';
import { localText } from '../../../src/attendance/imports/reading/local-time';
import { Interpreter, type InterpretOptions } from '../../../src/attendance/imports/reading/interpreter';
import type { Mapping } from '../../../src/attendance/imports/reading/mapping';
import { readRows } from '../../../src/attendance/imports/reading/read-rows';
import type { Row } from '../../../src/attendance/imports/reading/row';

/** Wall-clock seconds of `2026-01-05T07:30:00`. */
export const wall = (text: string): number => Date.parse(`${text}Z`) / 1000;

/** Runs with a file of that content on disk, and removes it. */
export async function withFile<T>(content: string | Buffer, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollcall-import-'));
  try {
    const file = path.join(folder, 'upload');
    writeFileSync(file, content);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function inspected(content: string | Buffer, options: InspectOptions = {}): Promise<Detected> {
  return withFile(content, (file) => inspectFile(file, options));
}

export async function rowsIn(file: string, detected: Detected): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of readRows(file, detected)) rows.push(...batch);
  return rows;
}

export function allRows(content: string | Buffer): Promise<Row[]> {
  return withFile(content, async (file) => rowsIn(file, await inspectFile(file)));
}

export interface Reading extends Partial<Omit<InterpretOptions, 'kind'>> {
  readonly fileName?: string;
  readonly mapping?: Partial<Mapping>;
}

/** Detect, read and interpret with the guessed mapping, changed by `mapping`. */
export function interpreted(content: string | Buffer, reading: Reading = {}): Promise<Interpreted[]> {
  return withFile(content, async (file) => {
    const detected = await inspectFile(file, { fileName: reading.fileName ?? '' });
    const guessed = mappingFor(detected);
    if (!guessed) throw new Error('no mapping could be guessed');
    const mapping = { ...guessed, ...reading.mapping };
    const options = { timeZone: 'UTC', ...reading, kind: detected.kind };
    return new Interpreter(detected.columns, mapping, options).interpret(await rowsIn(file, detected));
  });
}

/** The punches of the rows as `type instant`, or the codes of the row's errors. */
export function told(rows: readonly Interpreted[]): string[][] {
  return rows.map((row) =>
    row.ok
      ? row.punches.map(({ type, at, local }) => `${type} ${at === null ? localText(local) : utc(at)}`)
      : row.errors.map(({ column, code }) => `${column}: ${code}`),
  );
}

export function utc(at: number): string {
  return new Date(at * 1000).toISOString().replace('.000', '');
}

export function readable(row: Interpreted | undefined): ReadableRow {
  if (!row?.ok) throw new Error(`not readable: ${JSON.stringify(row)}`);
  return row;
}

export function faulty(row: Interpreted | undefined): FaultyRow {
  if (!row || row.ok) throw new Error(`not faulty: ${JSON.stringify(row)}`);
  return row;
}

/** The code with which a file is refused. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ImportFileError) return error.code;
    throw error;
  }
  return 'accepted';
}
