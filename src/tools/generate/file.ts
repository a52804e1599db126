import { workbookOf } from '../../attendance/files/xlsx/workbook';
import type { Shape } from './options';
import { WRITERS } from './writers';

export const isWorkbook = (shape: Shape) => shape === 'xlsx-punches' || shape === 'xlsx-days';

/** The pieces of a generated text as the bytes of its file; the rows of a workbook are packed into one as they come. */
export async function* fileOf(shape: Shape, text: Iterable<string>): AsyncGenerator<Buffer> {
  if (isWorkbook(shape)) yield* workbookOf(WRITERS[shape].columns, asynchronous(text));
  else for (const piece of text) yield Buffer.from(piece);
}

async function* asynchronous(text: Iterable<string>): AsyncGenerator<string> {
  for (const piece of text) yield await Promise.resolve(piece);
}
