import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Problem } from '../http/problems/problem';

/** What one guess costs: 128 * 2^ln * r bytes of memory, p times over. */
interface PasswordCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP's settings for scrypt, with ln 15 and its 32 MiB. Where it is raised, older hashes are replaced at the next sign-in. */
export const passwordCost = (ln: number): PasswordCost => ({ ln, r: 8, p: 3 });

/** Injection token of the cost. */
export const PASSWORD_COST = Symbol('PasswordCost');

export const MAX_PASSWORD_LENGTH = 256;
/** Derivations at a time: each holds 32 MiB and a thread of the pool that also serves DNS and files. */
const CONCURRENT = 2;
/** Further ones wait; beyond this a flood of sign-ins is answered 503 instead of with memory. */
const WAITING = 100;

const form = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/**
 * Password hashes: scrypt, in the PHC string format, salted with 16 random bytes. Verification takes the same time whether
 * or not there is a hash to compare with, so that an answer's delay does not tell which addresses exist.
 */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly nobody: string;

  constructor(@Inject(PASSWORD_COST) private readonly cost: PasswordCost) {
    // Nobody's password: 32 random bytes stand where a derived key would.
    this.nobody = encode(cost, randomBytes(16), randomBytes(32));
  }

  async hash(password: string): Promise<string> {
    if (password.length > MAX_PASSWORD_LENGTH) throw new RangeError('The password is too long');
    const salt = randomBytes(16);
    return encode(this.cost, salt, await this.derive(password, salt, this.cost));
  }

  /**
   * Is this the password? Without a stored hash (unknown address, person without a password) the same work is done in vain.
   * `outdated` asks the caller to store a new hash while the password is at hand.
   */
  async verify(password: string, stored: string | null | undefined): Promise<{ matches: boolean; outdated: boolean }> {
    const parsed = parse(stored) ?? parse(this.nobody);
    if (!parsed || password.length > MAX_PASSWORD_LENGTH) return { matches: false, outdated: false };
    const derived = await this.derive(password, parsed.salt, parsed.cost);
    const matches = timingSafeEqual(derived, parsed.key) && typeof stored === 'string';
    const { ln, r, p } = parsed.cost;
    return { matches, outdated: matches && (ln !== this.cost.ln || r !== this.cost.r || p !== this.cost.p) };
  }

  private async derive(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
    await this.turn();
    try {
      return await stretch(password.normalize('NFKC'), salt, {
        N: 2 ** cost.ln,
        r: cost.r,
        p: cost.p,
        maxmem: 256 * 2 ** cost.ln * cost.r,
      });
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  /** Waits for one of the places; a place is handed on without being given back, so nobody overtakes. */
  private turn(): Promise<void> | undefined {
    if (this.running < CONCURRENT) {
      this.running++;
      return undefined;
    }
    if (this.waiting.length >= WAITING) {
      throw new Problem('overloaded', 'Too many sign-ins at once. Try again.', { headers: { 'Retry-After': '2' } });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

function stretch(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function encode(cost: PasswordCost, salt: Buffer, key: Buffer): string {
  const [s, k] = [salt, key].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${s ?? ''}$${k ?? ''}`;
}

function parse(stored: string | null | undefined): { cost: PasswordCost; salt: Buffer; key: Buffer } | undefined {
  const [, ln, r, p, salt, key] = form.exec(stored ?? '') ?? [];
  if (!salt || !key) return undefined;
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  // A row must not be able to ask for gigabytes.
  if (cost.ln < 1 || cost.ln > 18 || cost.r < 1 || cost.r > 16 || cost.p < 1 || cost.p > 16) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
}
