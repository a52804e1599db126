import type { Readable } from 'node:stream';
import { ImportFileError } from '../errors';
import { readXml } from './xml';

/** The one part that has to be in memory as a whole, because cells point into it in any order. */
const MAX_CHARACTERS = 100_000_000;

/** The texts that cells refer to by number; pronunciation hints are left out. Throws workbook_too_large. */
export async function readSharedTexts(stream: Readable): Promise<string[]> {
  const texts: string[] = [];
  let text = '';
  let characters = 0;
  let isText = false;
  let isHint = false;
  for await (const _ of readXml(stream, {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 't') isText = !isHint;
      else if (name === 'rPh') isHint = true;
    },
    text: (piece) => {
      if (isText) text += piece;
    },
    close: (name) => {
      if (name === 't') isText = false;
      else if (name === 'rPh') isHint = false;
      else if (name === 'si') {
        characters += text.length + 8;
        if (characters > MAX_CHARACTERS) throw new ImportFileError('workbook_too_large');
        texts.push(text);
      }
    },
  }));
  return texts;
}
