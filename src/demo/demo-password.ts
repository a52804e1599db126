import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/config';

/** The password of the demo people: configured, or made once for a data directory and kept there, so that a second start prints it again. */
export async function demoPassword(config: Pick<Config, 'DEMO_PASSWORD' | 'dataDir'>): Promise<string> {
  if (config.DEMO_PASSWORD) return config.DEMO_PASSWORD;
  const file = path.join(config.dataDir, 'demo-password');
  try {
    const kept = (await readFile(file, 'utf8')).trim();
    if (kept.length >= 8) return kept;
  } catch {
    // The first start.
  }
  const made = randomBytes(9).toString('base64url');
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}
