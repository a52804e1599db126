import { visit } from 'jsonc-parser';

/** A token as it claims to be: nothing of it is verified yet, but it can be read in one way only. */
export interface UnverifiedToken {
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const MAX_TOKEN_LENGTH = 8192;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a compact JWS and refuses every form that two parsers could read differently: other than three parts, base64url
 * with spare bits or padding, duplicate members, extensions (`crit`, `b64`). The signature library tolerates some of these;
 * a token that has two readings has two meanings. Throws an Error whose message is for the log.
 */
export function readStrictly(token: string): UnverifiedToken {
  if (token.length > MAX_TOKEN_LENGTH) throw new Error('token longer than 8 KiB');
  const [header, claims, signature, ...more] = token.split('.');
  if (!header || !claims || !signature || more.length > 0) throw new Error('token is not a signed compact JWS');
  if (![header, claims, signature].every(isCanonical)) throw new Error('token is not in canonical base64url');
  const read = { token, header: objectIn(header), claims: objectIn(claims) };
  if ('crit' in read.header || 'b64' in read.header) throw new Error('token uses an extension');
  const { kid } = read.header;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 200)) throw new Error('kid is not a short string');
  return read;
}

function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function objectIn(part: string): Record<string, unknown> {
  const text = utf8.decode(Buffer.from(part, 'base64url'));
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('token holds no JSON object');
  refuseDuplicates(text);
  return parsed as Record<string, unknown>;
}

function refuseDuplicates(text: string): void {
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectProperty: (name) => {
      const names = open.at(-1);
      if (names?.has(name)) throw new Error('token has a duplicate member');
      names?.add(name);
    },
    onObjectEnd: () => {
      open.pop();
    },
  });
}
