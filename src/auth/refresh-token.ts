import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { v7 as newId } from 'uuid';

/** What a refresh token says. Opaque to clients: tenant, row and a 256-bit secret, of which only the hash is stored. */
export interface RefreshToken {
  readonly tenantId: string;
  readonly id: string;
  readonly secret: Buffer;
}

const PREFIX = 'rcr_'; // recognisable to scanners that look for leaked secrets
const form = /^rcr_[A-Za-z0-9_-]{86}$/;

export function newRefreshToken(tenantId: string): RefreshToken {
  return { tenantId, id: newId(), secret: randomBytes(32) };
}

/**
 * The token that follows another. Derived from it with a key of ours instead of drawn by lot, so that the answer to a
 * request that is repeated within seconds (a double click, a lost answer) can be given again although secrets are stored
 * hashed, and no second branch of the family comes into being that reuse detection could not see.
 */
export function successorOf(token: RefreshToken, key: Buffer): RefreshToken {
  const derive = (what: string) =>
    createHmac('sha256', key).update(what).update(bytesOf(token.id)).update(token.secret).digest();
  const id = derive('id').subarray(0, 16);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x80; // version 8: by the application's own rule
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  return { tenantId: token.tenantId, id: hexId(id), secret: derive('secret') };
}

export function writeRefreshToken({ tenantId, id, secret }: RefreshToken): string {
  return PREFIX + Buffer.concat([bytesOf(tenantId), bytesOf(id), secret]).toString('base64url');
}

/** The token that a text holds, or undefined. */
export function readRefreshToken(text: string): RefreshToken | undefined {
  if (!form.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  if (bytes.toString('base64url') !== text.slice(PREFIX.length)) return undefined;
  return { tenantId: hexId(bytes.subarray(0, 16)), id: hexId(bytes.subarray(16, 32)), secret: bytes.subarray(32) };
}

/** A fast hash is enough: 256 random bits cannot be guessed, unlike a password. */
export function hashOf({ secret }: RefreshToken): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function hasHash(token: RefreshToken, stored: Buffer): boolean {
  return stored.length === 32 && timingSafeEqual(hashOf(token), stored);
}

const bytesOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');

/** Any 16 bytes, also those that no UUID version makes: PostgreSQL takes them, and finds nothing. */
function hexId(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
