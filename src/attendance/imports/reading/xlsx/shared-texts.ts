import type { Readable } from 'node:stream';
import { ImportFileError } from '../errors';
import { MAX_CELL_LENGTH } from '../row';
import { readXml } from './xml';

/** The one part that has to be in memory as a whole, because cells point into it in any order. */
const MOST_BYTES = 200_000_000;
/** What V8 takes for a text and for the place in the list, beside two bytes a character at most. */
const BYTES_FOR_A_TEXT = 40;

/**
 * The texts that cells refer to by number; pronunciation hints are left out. A text that is too long for a cell is cut behind that
 * length, and so refused where a cell has it. Throws workbook_too_large.
 */
export async function readSharedTexts(stream: Readable): Promise<string[]> {
  const texts: string[] = [];
  let pieces: string[] = [];
  let length = 0;
  let bytes = 0;
  let isText = false;
  let isHint = false;
  for await (const _ of readXml(stream, {
    open: (name) => {
      if (name === 'si') [pieces, length] = [[], 0];
      else if (name === 't') isText = !isHint;
      else if (name === 'rPh') isHint = true;
    },
    text: (piece) => {
      if (!isText || length > MAX_CELL_LENGTH) return;
      length += piece.length;
      pieces.push(piece);
    },
    close: (name) => {
      if (name === 't') isText = false;
      else if (name === 'rPh') isHint = false;
      else if (name === 'si') {
        bytes += BYTES_FOR_A_TEXT + 2 * length;
        if (bytes > MOST_BYTES) throw new ImportFileError('workbook_too_large', 'Its texts fill more than 200 MB.');
        texts.push(pieces.join('')); // added up piece by piece, a text would stay a tree of its pieces
      }
    },
  }));
  return texts;
}
