const MASK = '[redacted]';
const secretName =
  /pass(word|wd|phrase)|secret|token|authorization|cookie|api[-_]?key|idempotency[-_]?key|private|credential|signature|session[-_]?id/i;
const jwt = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi;
const address = /\b([\w.+-])[\w.+-]*@((?:[\w-]+\.)+\w{2,})\b/g;
const query = /([?&](?:[\w-]*(?:token|key|secret|password|code|signature)[\w-]*)=)[^&\s"']+/gi;
const refreshToken = /\brcr_[\w.-]{16,}/g;
/** Deeper than anything we log on purpose. */
const DEEPEST = 8;
const LONGEST = 8192;

/** Takes out of a text what looks like a credential, and most of an e-mail address. */
export function scrub(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  if (!/[@?&]|eyJ|rcr_|bearer|basic/i.test(short)) return short;
  return short
    .replace(jwt, MASK)
    .replace(bearer, `$1 ${MASK}`)
    .replace(refreshToken, MASK)
    .replace(query, `$1${MASK}`)
    .replace(address, '$1***@$2');
}

/** A copy of a value that may be logged: secrets masked by name and by look, at any depth; errors reduced to what is ours. */
export function redact(value: unknown, depth = 0, seen = new Set<object>()): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST || seen.has(value)) return '[…]';
  if (value instanceof Date) return value;
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  seen.add(value);
  try {
    if (value instanceof Error) return redactError(value, depth, seen);
    if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1, seen));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        secretName.test(name) && member !== undefined && member !== null ? MASK : redact(member, depth + 1, seen),
      ]),
    );
  } finally {
    seen.delete(value);
  }
}

/**
 * The driver's errors quote values in `message`, `detail`, `where` and `query`; of those only the SQLSTATE and the name of the
 * constraint are kept. Of any other error: type, message and stack, scrubbed, and its cause.
 */
function redactError(error: Error, depth: number, seen: Set<object>): Record<string, unknown> {
  const fields = error as Error & { code?: unknown; constraint?: unknown; severity?: unknown };
  const fromDatabase =
    typeof fields.code === 'string' && /^[0-9A-Z]{5}$/.test(fields.code) && fields.severity !== undefined;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20)
    .join('\n');
  return {
    type: error.name,
    message: fromDatabase ? `SQLSTATE ${String(fields.code)}` : scrub(error.message),
    ...(typeof fields.code === 'string' ? { code: fields.code } : {}),
    ...(typeof fields.constraint === 'string' ? { constraint: fields.constraint } : {}),
    stack: frames,
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1, seen) }),
  };
}
