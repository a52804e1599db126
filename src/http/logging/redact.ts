const MASK = '[redacted]';
const secret =
  'pass(?:word|wd|phrase)|pwd|secret|token|authorization|cookie|api[-_]?key|idempotency[-_]?key|private|credential|signature|session[-_]?id';
const secretName = new RegExp(secret, 'i');
/** Words that name something private when they stand alone in a name: `userPin` and `card_number`, but not `shipping` or `discard`. */
const privateWord = /^(?:pin|otp|totp|iban|ssn|card|phone|telephone)s?(?:number|no|nr|code)?$/;
const endsOfWords = /(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+/;

/** What may stand behind `name=` and `name: `: JSON in one more layer of quotes, quoted, in brackets, with a scheme, or up to the next blank. */
const value = String.raw`(?:\\"(?:[^"\\]|\\\\(?:\\")?)*(?:\\")?|"(?:[^"\\]|\\.)*"?|'[^']*'?|[[{][^\]}]*[\]}]?|(?:Bearer|Basic)\s+[^\s,;"']+|[^\s,;&"'<>()\]}]+)`;
const isGiven = String.raw`(?:\\?["'])?\s{0,4}[=:]\s{0,4}`;
const secretPair = new RegExp(`((?:${secret})[\\w-]{0,40}${isGiven})${value}`, 'gi');
const privateNames = '[Pp]in|PIN|[Oo]tp|OTP|[Ii]ban|IBAN|[Ss]sn|SSN|[Cc]ard|CARD|[Pp]hone|PHONE';
const privatePair = new RegExp(
  `((?:(?<![A-Za-z])(?:${privateNames})|(?<=[a-z])(?:Pin|Otp|Iban|Ssn|Card|Phone))(?:[-_ ]?[Nn](?:umber|o|r))?${isGiven})${value}`,
  'g',
);

const pem = /-----BEGIN [A-Z0-9 ]{1,60}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,60}-----|$)/g;
const jwt = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const bearer = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi;
/** A colon behind the host is a port, and what comes behind that is no password. */
const passwordInUrl = /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"']{0,200}):(?!\d{1,5}(?:[/\s]|$))[^\s"']{1,300}@/gi;
const address = /\b([\w.+-])[\w.+-]{0,63}@((?:[\w-]+\.)+\w{2,})\b/g;
const query = /([?&](?:[\w-]*(?:token|key|secret|password|code|signature)[\w-]*)=)[^&\s"']+/gi;
const refreshToken = /\brcr_[\w.-]{16,}/g;
/** What stands before the last `_` names a key and stays: somebody may have to find out which one it was. */
const apiKey = /\b(rck_[0-9A-Za-z]{8})_\w{8,}/g;
/** Deeper than anything we log on purpose. */
const DEEPEST = 8;
const LONGEST = 8192;

/** Takes out of a text what looks like a credential or is named like one, and most of an e-mail address. JSON is read as what it says. */
export function scrub(text: string, depth = 0): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return scrubJson(short, depth) ?? scrubText(short);
}

function scrubText(text: string): string {
  return text
    .replace(pem, MASK)
    .replace(jwt, MASK)
    .replace(bearer, `$1 ${MASK}`)
    .replace(refreshToken, MASK)
    .replace(apiKey, `$1_${MASK}`)
    .replace(passwordInUrl, `$1:${MASK}@`)
    .replace(query, `$1${MASK}`)
    .replace(secretPair, `$1${MASK}`)
    .replace(privatePair, `$1${MASK}`)
    .replace(address, '$1***@$2');
}

/** Undefined when it is none. */
function scrubJson(text: string, depth: number): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(redact(JSON.parse(text), depth + 1));
  } catch {
    return undefined;
  }
}

/** Whether what stands under this name is kept out of every log line. */
function isPrivate(name: string): boolean {
  return secretName.test(name) || name.split(endsOfWords).some((word) => privateWord.test(word.toLowerCase()));
}

/** A copy of a value that may be logged: secrets masked by name and by look, at any depth; errors reduced to what is ours. */
export function redact(value: unknown, depth = 0, seen = new Set<object>()): unknown {
  if (typeof value === 'string') return scrub(value, depth);
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
        isPrivate(name) && member !== undefined && member !== null ? MASK : redact(member, depth + 1, seen),
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
