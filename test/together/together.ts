import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
const PARTS = 6;

/**
 * Declares a share of the files that need the whole application as if they were one: its modules are loaded once for all of
 * them, instead of once for each. The files are dealt out by turns; each of them still runs alone, by its own name.
 */
export function together(part: number): void {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(e2e|db)-spec\.ts$/.test(file))
    .sort()
    .filter((_, index) => index % PARTS === part - 1);
  for (const file of files)
    describe(`test/${file}`, () => {
      read(path.join(root, file));
    });
}

/** A file that cannot be read is one failure: the others of its share are run all the same. */
function read(file: string): void {
  try {
    jest.requireActual(file);
  } catch (error) {
    it('can be read', () => {
      throw error;
    });
  }
}
