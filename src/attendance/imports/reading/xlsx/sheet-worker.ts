import { parentPort, workerData } from 'node:worker_threads';
import { type ImportFileCode, ImportFileError } from '../errors';
import { charactersOf, type Row } from '../row';
import { sheetRows } from './sheet-rows';
import { openWorkbook, type WorkbookLimits } from './workbook';

/** What a thread is started with. */
export interface SheetRequest {
  readonly path: string;
  /** The first sheet without a name. */
  readonly sheet: string | undefined;
  readonly limits: WorkbookLimits | undefined;
}

/** What comes first of a workbook. `totalBytes` is the size of the sheet unpacked. */
export interface SheetFacts {
  readonly sheets: readonly string[];
  readonly sheet: string;
  readonly totalBytes: number;
}

/** Rows, and how many bytes of the unpacked sheet were read for them. */
export interface SheetPiece {
  readonly rows: readonly Row[];
  readonly bytes: number;
}

/** What the thread says, each time that it is asked: the facts, pieces, and one of the last two. */
export type SheetMessage =
  | ({ readonly is: 'facts' } & SheetFacts)
  | ({ readonly is: 'piece' } & SheetPiece)
  | { readonly is: 'end' }
  | { readonly is: 'refused'; readonly code: ImportFileCode; readonly detail: string };

/** A message costs as much as some hundred cells, and one that is too large would keep the reader's thread busy. */
const PIECE_ROWS = 500;
const PIECE_CHARACTERS = 1 << 18;

/** The thread of one sheet: says the next thing whenever it is asked, so that no more lies about than was asked for. */
async function run(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This file is run as a worker thread');
  let asked = 0;
  let wake = (): void => undefined;
  port.on('message', () => {
    asked += 1;
    wake();
  });
  for await (const message of messages(workerData as SheetRequest)) {
    while (asked === 0) await new Promise<void>((resolve) => (wake = resolve));
    asked -= 1;
    port.postMessage(message);
  }
}

async function* messages(request: SheetRequest): AsyncGenerator<SheetMessage> {
  try {
    yield* read(request);
    yield { is: 'end' };
  } catch (error) {
    if (!(error instanceof ImportFileError)) throw error;
    yield { is: 'refused', code: error.code, detail: error.detail };
  }
}

async function* read({ path, sheet: wanted, limits }: SheetRequest): AsyncGenerator<SheetMessage> {
  const workbook = await openWorkbook(path, limits);
  const name = wanted ?? workbook.sheets[0] ?? '';
  const sheet = await workbook.sheet(name);
  yield { is: 'facts', sheets: workbook.sheets, sheet: name, totalBytes: sheet.totalBytes };
  let bytes = 0;
  let characters = 0;
  let rows: Row[] = [];
  for await (const read of sheetRows(sheet, (count) => (bytes += count))) {
    rows.push(...read);
    for (const { cells } of read) characters += charactersOf(cells);
    if (rows.length < PIECE_ROWS && characters < PIECE_CHARACTERS) continue;
    yield { is: 'piece', rows, bytes };
    [rows, bytes, characters] = [[], 0, 0];
  }
  yield { is: 'piece', rows, bytes };
}

void run();
