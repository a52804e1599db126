import { readdirSync } from 'node:fs';
import path from 'node:path';

declare global {
  /** Set by jest.config.js: the kinds of files whose program, or whose rights, are not there. */
  var leftOut: readonly string[];
}

const root = path.resolve(__dirname, '../..');
const KINDS = { e2e: /\.(?:e2e|db|pgbouncer|redis)-spec\.ts$/, unit: /\.(?:(?:unit|root)-)?spec\.ts$/ };

/**
 * Declares a share of the files of a kind as if they were one: the modules they load are loaded once for all of them, instead of once for
 * each, which costs more than most of their tests. The files are dealt out by turns; each of them still runs alone, by its own name.
 */
export function together(kind: keyof typeof KINDS, part: number, parts: number): void {
  const files = ['src', 'test']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        path.join(folder, file),
      ),
    )
    .filter((file) => KINDS[kind].test(file) && !leftOut.some((each) => file.endsWith(`.${each}-spec.ts`)))
    .sort()
    .filter((_, index) => index % parts === part - 1);
  for (const file of files)
    describe(file, () => {
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
