import { isIP } from 'node:net';

/** C0 and C1 controls, line separators, and the marks that turn the direction of what follows: none of them is harmless on a terminal. */
const unprintable = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const anyUnprintable = new RegExp(unprintable.source, 'u');

/** What somebody else wrote, fit to be stored and shown: at most `length` characters, what does not print is escaped. */
export function printable(text: string, length: number): string {
  const bounded = text.length > length ? text.slice(0, length) : text;
  if (!anyUnprintable.test(bounded)) return wellFormed(bounded);
  const escaped = bounded.replaceAll(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return wellFormed(escaped.slice(0, length));
}

/** Half a surrogate pair is no character, and jsonb refuses it. */
const wellFormed = (text: string) => text.replaceAll(/\p{Cs}/gu, '\ufffd');

/** A header as its sender meant it: Node reads bytes as Latin-1, senders write UTF-8; what is neither becomes U+FFFD. */
export function headerText(header: string, length: number): string {
  const text = /[\u0080-\u00ff]/.test(header) ? Buffer.from(header, 'latin1').toString('utf8') : header;
  return printable(text, length);
}

/**
 * A copy that shares nothing with a longer original: V8 keeps the whole of a string alive as long as a slice of it, and
 * twenty thousand queued lines must not keep twenty thousand 32 KiB headers.
 */
export function boundedCopy(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length), 'utf16le').toString('utf16le');
}

/** An address as the type inet takes it: without the zone of a link-local address, IPv4 always in its own notation. */
export function inetOf(address: string): string | null {
  const [bare = ''] = address.split('%', 1);
  const plain = bare.startsWith('::ffff:') && isIP(bare.slice(7)) === 4 ? bare.slice(7) : bare;
  return isIP(plain) === 0 ? null : plain;
}
