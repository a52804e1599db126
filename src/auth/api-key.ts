import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** How every API key begins: recognisable to scanners that look for leaked secrets, and to the guard, which expects a JWT otherwise. */
const START = 'rck_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const form = /^(rck_[0-9A-Za-z]{8}_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** A key as it is shown once, and the part of it that stays visible. */
interface NewApiKey {
  readonly key: string;
  readonly prefix: string;
}

/**
 * `rck_`, 8 characters that name the key, `_`, 256 random bits and a checksum, in letters and digits alone: a double click marks all of
 * it. The checksum (CRC-32 of what stands before it) tells a mistyped key, and what only looks like one, from a key without asking the database.
 */
export function newApiKey(): NewApiKey {
  const prefix = START + base62(randomBytes(6), 8).slice(-8);
  const body = `${prefix}_${base62(randomBytes(32), 43)}`;
  return { key: body + checksumOf(body), prefix };
}

/** Whether a bearer token means to be an API key. */
export const isApiKey = (token: string): boolean => token.startsWith(START);

/** Whether a key is whole: the right form, and the checksum of what stands before it. */
export function isWhole(key: string): boolean {
  const [, body, checksum] = form.exec(key) ?? [];
  return body !== undefined && checksum === checksumOf(body);
}

/** SHA-256 of a key, in hexadecimal. A fast hash is enough: 256 random bits cannot be guessed, unlike a password. */
export const apiKeyHash = (key: string): string => createHash('sha256').update(key).digest('hex');

function checksumOf(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return base62(bytes, 6);
}

function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; rest > 0n; rest /= 62n) text = (ALPHABET[Number(rest % 62n)] ?? '') + text;
  return text.padStart(length, '0');
}
