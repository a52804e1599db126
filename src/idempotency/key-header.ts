import { Problem } from '../http/problems/problem';

/** 1 to 255 printable ASCII characters, after the quotes of an RFC 8941 string are taken off. */
const wellFormed = /^[\x20-\x7e]{1,255}$/;
const quoted = /^"((?:[^"\\]|\\["\\])*)"$/;

/**
 * The key of a request, or undefined when none was sent. Quoted and bare forms are the same key; several header lines
 * must agree. `rawHeaders` is the flat name-value list of Node, in which repeated lines are still apart.
 */
export function keyFrom(rawHeaders: readonly string[]): string | undefined {
  let key: string | undefined;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length !== 15 || name.toLowerCase() !== 'idempotency-key') continue;
    const value = unquoted(rawHeaders[i + 1] ?? ''); // the parser has taken off the blanks around it, and only those
    if (!wellFormed.test(value))
      throw invalid('It must be 1 to 255 printable ASCII characters; a UUID is a good choice.');
    if (key !== undefined && key !== value) throw invalid('It was sent more than once, with different values.');
    key = value;
  }
  return key;
}

function unquoted(value: string): string {
  const inside = quoted.exec(value)?.[1];
  return inside === undefined ? value : inside.replaceAll(/\\(["\\])/g, '$1');
}

function invalid(why: string): Problem {
  const detail = `The Idempotency-Key header cannot be used. ${why}`;
  return new Problem('idempotency_key_invalid', detail, {
    errors: [{ pointer: 'header:Idempotency-Key', code: 'invalid', detail: why }],
  });
}
