import { Logger } from '@nestjs/common';
import { createLocalJWKSet, type JWK } from 'jose';
import { z } from 'zod';

interface RemoteKeysLimits {
  /** A removed key is refused after this at the latest, while the endpoint answers. */
  readonly maxAgeMs: number;
  /** Without an answer of the endpoint, known keys are trusted for this long. */
  readonly maxStaleMs: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** In this time at most one request because of age and one because of an unknown kid: made-up kids must not make us a hammer. */
  readonly cooldownMs: number;
}

export const standardLimits: RemoteKeysLimits = {
  maxAgeMs: 5 * 60_000,
  maxStaleMs: 24 * 3_600_000,
  timeoutMs: 3000,
  maxBytes: 256 * 1024,
  cooldownMs: 10_000,
};

/** One published state of an issuer's keys. A verified token is remembered together with the state that verified it. */
export interface KeySet {
  readonly kids: ReadonlySet<string>;
  readonly resolve: ReturnType<typeof createLocalJWKSet>;
  readonly fetchedAt: number;
}

const published = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });
const publicMembers = ['kty', 'kid', 'alg', 'use', 'key_ops', 'crv', 'x', 'y', 'n', 'e'];

/** An answer that holds no keys; its message is ours. */
class UnusableKeys extends Error {}

/**
 * The keys that an issuer publishes, fetched when they are needed: at first use, when a token names a kid we have not seen,
 * and when they are old. A failing endpoint costs at most the time-out and never the keys that are already known.
 */
export class RemoteKeys {
  private readonly log = new Logger(RemoteKeys.name);
  private current: KeySet | undefined;
  private fetching: Promise<void> | undefined;
  private readonly nextAllowed = { age: 0, unknownKid: 0 };

  constructor(
    private readonly url: string,
    private readonly limits: RemoteKeysLimits = standardLimits,
  ) {}

  /** Whether this state may still be relied on without asking. */
  isFresh(keys: KeySet): boolean {
    return keys === this.current && performance.now() - keys.fetchedAt < this.limits.maxAgeMs;
  }

  /** The keys to verify a token with that names this kid; undefined when none can be had. */
  async keysFor(kid: string | undefined): Promise<KeySet | undefined> {
    const known = this.current;
    const isFresh = known !== undefined && this.isFresh(known);
    if (isFresh && (kid === undefined || known.kids.has(kid))) return known;
    await this.refresh(isFresh ? 'unknownKid' : 'age');
    const { current } = this;
    return current && performance.now() - current.fetchedAt < this.limits.maxStaleMs ? current : undefined;
  }

  /** One request at a time; never throws. */
  private refresh(reason: keyof typeof this.nextAllowed): Promise<void> {
    if (this.fetching) return this.fetching;
    const now = performance.now();
    if (now < this.nextAllowed[reason]) return Promise.resolve();
    this.nextAllowed[reason] = now + this.limits.cooldownMs;
    this.fetching = this.fetchKeys()
      .then(
        (keys) => {
          this.current = keys;
        },
        (error: unknown) => {
          const reason = error instanceof UnusableKeys ? error.message : 'no answer';
          this.log.warn(`The keys at ${new URL(this.url).host} could not be read: ${reason}`);
        },
      )
      .finally(() => {
        this.fetching = undefined;
      });
    return this.fetching;
  }

  private async fetchKeys(): Promise<KeySet> {
    const fetchedAt = performance.now();
    const response = await fetch(this.url, {
      redirect: 'error', // whoever can redirect the endpoint could name the keys
      signal: AbortSignal.timeout(this.limits.timeoutMs), // covers the body as well
      headers: { accept: 'application/jwk-set+json, application/json' },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new UnusableKeys(`status ${response.status}`);
    }
    const keys = parseKeys(await this.bounded(response));
    // Symmetric keys would turn "published" into "secret"; a published private key is everybody's.
    const usable = keys
      .filter((key) => ['RSA', 'EC', 'OKP'].includes(key.kty) && !('d' in key) && !('k' in key))
      .map(publicPart);
    const kids = new Set(usable.flatMap(({ kid }) => (typeof kid === 'string' ? [kid] : [])));
    return { kids, resolve: createLocalJWKSet({ keys: usable }), fetchedAt };
  }

  private async bounded(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > this.limits.maxBytes) throw new UnusableKeys('more bytes than a key set has');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

function parseKeys(text: string): z.output<typeof published>['keys'] {
  try {
    return published.parse(JSON.parse(text)).keys;
  } catch {
    throw new UnusableKeys('no key set'); // the parser's message would quote the stranger's text into our log
  }
}

function publicPart(key: Readonly<Record<string, unknown>>): JWK {
  return Object.fromEntries(publicMembers.filter((name) => name in key).map((name) => [name, key[name]]));
}
