import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { ImportFileError } from '../errors';
import { boundCount } from './bounds';

/** Names come without their prefix: some writers put one before every element. */
interface XmlHandlers {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}

/** A stretch without a tag is one text or one attribute; beyond all cells it is there to fill the memory. */
const LONGEST_STRETCH = 1 << 20;

/**
 * Calls the handlers for a part as it is unpacked and yields the bytes of each piece afterwards, so that the caller
 * can hand on what has come together. Entities that the file declares are never expanded. Throws truncated,
 * cell_too_long, workbook_too_large for elements within elements without end.
 */
export async function* readXml(stream: Readable, handlers: XmlHandlers): AsyncGenerator<number> {
  const parser = new SaxesParser();
  let stretch = 0;
  let depth = 0;
  parser.on('opentag', ({ name, attributes }) => {
    stretch = 0;
    depth += 1;
    boundCount('levels of elements', depth);
    handlers.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    handlers.close?.(localName(name));
  });
  if (handlers.text) parser.on('text', handlers.text);
  const decoder = new TextDecoder('utf-8');
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) continue;
      stretch += chunk.length;
      parser.write(decoder.decode(chunk, { stream: true }));
      if (stretch > LONGEST_STRETCH) throw new ImportFileError('cell_too_long');
      yield chunk.length;
    }
    parser.write(decoder.decode()).close();
  } catch (error) {
    if (error instanceof ImportFileError) throw error;
    throw new ImportFileError('truncated');
  } finally {
    stream.destroy();
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
