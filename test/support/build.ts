import { transformSync } from '@swc/core';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
// Inside node_modules, so that the program finds its packages as it does from dist/.
const cache = path.join(root, 'node_modules', '.cache', 'rollcall-test-build');
const STALE_AFTER_MS = 3_600_000;

/**
 * The program as JavaScript, compiled from the sources as they are now; answers the path of main.js. Takes a second after a
 * change and a moment otherwise: a folder is named after what it was made of, and appears whole or not at all.
 */
export function builtProgram(): string {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .sort()
    .map((file) => ({ file, code: readFileSync(path.join(root, 'src', file), 'utf8') }));
  const hash = createHash('sha256').update(root);
  for (const { file, code } of files) hash.update(`${file}\0${code}\0`);
  const name = hash.digest('hex').slice(0, 16);
  const folder = path.join(cache, name);
  if (!existsSync(folder)) compile(files, folder);
  return path.join(folder, 'src', 'main.js');
}

function compile(files: readonly { file: string; code: string }[], folder: string): void {
  const draft = `${folder}.${process.pid}`;
  for (const { file, code } of files) {
    const target = path.join(draft, 'src', file.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, toCommonJs(file, code));
  }
  for (const beside of ['migrations', 'package.json']) symlinkSync(path.join(root, beside), path.join(draft, beside));
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another worker was faster
  }
  for (const other of readdirSync(cache)) {
    const old = path.join(cache, other);
    if (Date.now() - (statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > STALE_AFTER_MS)
      rmSync(old, { recursive: true, force: true });
  }
}

function toCommonJs(filename: string, code: string): string {
  return transformSync(code, {
    filename,
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
  }).code;
}
