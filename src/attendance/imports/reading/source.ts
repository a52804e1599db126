import { createReadStream } from 'node:fs';
import { byteOrderMark, decoderOf, type Encoding } from './encoding';
import { ImportFileError } from './errors';
import { MAX_CELL_LENGTH, MAX_COLUMNS } from './row';

const CHUNK_BYTES = 64 * 1024;
/** The longest line of a file that is accepted. */
const MAX_LINE = MAX_CELL_LENGTH * 32;

/** The file in pieces, in order; `count` gets the bytes of each one. */
export async function* chunksOf(path: string, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (!Buffer.isBuffer(chunk)) continue;
    count(chunk.length);
    yield chunk;
  }
}

/** The pieces of a UTF-8 file without its byte order mark. */
export async function* unmarked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    yield isFirst ? chunk.subarray(byteOrderMark(chunk).length) : chunk;
    isFirst = false;
  }
}

/** The file as text in pieces, without a byte order mark. */
export async function* textOf(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decode = decoderOf(encoding);
  for await (const chunk of chunks) yield decode(chunk);
  yield decode();
}

/** Whole lines without their ends, as many at a time as a piece of text held. Throws cell_too_long. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of text) {
    // A return at the end may be half of a line end, so it waits for the next piece.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) {
      throw new ImportFileError('cell_too_long', `A line has more than ${MAX_LINE} characters.`);
    }
    if (lines.length > 0) yield lines;
  }
  yield [rest.replace(/\r$/, '')];
}

/** A row of the greatest width with short cells, or a shorter one with long cells: what is more is no row. */
export const MAX_ROW_CHARACTERS = Math.max(MAX_LINE, MAX_COLUMNS * 1_000);
