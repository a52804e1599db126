import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'gb18030';

/** Length of the byte order mark, 0 without one. Only a mark tells UTF-16: text without it looks binary. */
export function byteOrderMark(head: Buffer): { readonly encoding: Encoding | null; readonly length: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return { encoding: null, length: 0 };
}

/**
 * The encoding of a piece of text that begins and ends between characters or is cut at its end. Valid UTF-8 is UTF-8:
 * text in another encoding passes for it by accident only when it is ASCII. The rest is a choice of two.
 */
export function encodingOf(piece: Buffer): Encoding {
  const marked = byteOrderMark(piece).encoding;
  if (marked) return marked;
  if (isUtf8(withoutCutCharacter(piece))) return 'utf-8';
  return looksChinese(piece) ? 'gb18030' : 'windows-1252';
}

/** A read may end within a character of up to four bytes; what of it is there is taken off. */
export function withoutCutCharacter(piece: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, piece.length); back += 1) {
    const byte = piece[piece.length - back] ?? 0;
    if (byte < 0x80) return piece;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? piece.subarray(0, piece.length - back) : piece;
    }
  }
  return piece;
}

/**
 * Nearly every pair of bytes is a valid GB18030 character, "Mü" and "ller" included, so validity proves nothing. But
 * Chinese text is made of pairs with both bytes high and the first among those of the common characters and marks,
 * while western text has one accented letter between plain ones.
 */
function looksChinese(piece: Buffer): boolean {
  let common = 0;
  let others = 0;
  for (let index = 0; index < piece.length - 1; index += 1) {
    const byte = piece[index] ?? 0;
    if (byte < 0x80) continue;
    const next = piece[index + 1] ?? 0;
    const isCommon = next >= 0xa1 && next <= 0xfe && ((byte >= 0xb0 && byte <= 0xf7) || (byte >= 0xa1 && byte <= 0xa3));
    if (isCommon) {
      common += 1;
      index += 1;
    } else others += 1;
  }
  return common > 0 && common >= 4 * others;
}

/** Turns the bytes of a stream into text, whatever falls on the border of two chunks; no argument at the end. */
type Decode = (chunk?: Buffer) => string;

/** A byte order mark is dropped. Bytes that mean nothing become U+FFFD: they spoil a cell, not the file. */
export function decoderOf(encoding: Encoding): Decode {
  if (encoding === 'windows-1252') return (chunk) => (chunk ? windows1252(chunk) : '');
  const decoder = new TextDecoder(encoding);
  return (chunk) => (chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode());
}

/** What Windows-1252 has where Latin-1 has control characters; unused places keep those. */
const SPECIALS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** By hand, because TextDecoder reads it as Latin-1 in several releases of Node and makes the euro sign a control code. */
function windows1252(chunk: Buffer): string {
  return chunk.toString('latin1').replace(/[\u0080-\u009f]/g, (mark) => SPECIALS.charAt(mark.charCodeAt(0) - 0x80));
}
