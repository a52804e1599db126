import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JWK } from 'jose';
import { z } from 'zod';
import { makeDataFolder } from '../config/data-folder';

const keyFile = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().min(1), d: z.string() })).min(1),
});

/**
 * The private keys kept in the data folder, made there at the first start. The file appears complete or not at all: it is
 * written under another name and then linked, and linking fails when another process was first, whose keys are then used.
 */
export async function storedKeys(dataDir: string, makeKey: () => Promise<JWK>): Promise<JWK[]> {
  const file = path.join(dataDir, 'keys', 'signing.jwks.json');
  const kept = await readKeys(file);
  if (kept) return kept;
  await makeDataFolder(path.dirname(file));
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, `${JSON.stringify({ keys: [await makeKey()] }, null, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    await link(draft, file).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeys(file);
  if (!made) throw new Error('The signing keys vanished while they were being made');
  return made;
}

async function readKeys(file: string): Promise<JWK[] | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return keyFile.parse(JSON.parse(text)).keys;
  } catch {
    // Making new keys over a damaged file would sign everybody out and destroy what may be repaired.
    throw new Error(`${file} does not hold signing keys; restore it or remove it`);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
