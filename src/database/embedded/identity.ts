import { type SpawnOptions, spawnSync } from 'node:child_process';
import type { Binaries } from './binaries';
import { program } from './binaries';
import { nativeCopy } from './native-copy';

export type RootStrategy = 'userNamespace' | 'account';

/** As whom PostgreSQL runs. It refuses to be root, whatever the reason, so root has to become somebody else. */
interface ProcessIdentity {
  description: string;
  /** Put in front of every command. */
  prefix: string[];
  /** Who has to own the cluster's files; undefined where files have no numeric owner. */
  fileOwner?: { uid: number; gid: number } | undefined;
  /** Set where the child must change its user before it executes anything. */
  user?: { uid: number; gid: number };
}

export interface Runtime {
  identity: ProcessIdentity;
  binaries: Binaries;
}

/** `unshare` executes the command in its own place: the child's pid is PostgreSQL's, and signals reach it. */
const userNamespace: ProcessIdentity = {
  description: 'root, in a user namespace',
  prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000'],
  fileOwner: { uid: 0, gid: 0 },
};

/**
 * Tried in this order: as ourselves unless we are root; in a user namespace, where PostgreSQL believes to be an ordinary
 * user while the files stay root's, so a checkout in root's private folder works; as an account that exists on most machines.
 */
export function chooseRuntime(binaries: Binaries, dataDir: string, strategies?: RootStrategy[]): Runtime {
  if (process.geteuid?.() !== 0) return { identity: ourselves(), binaries };
  for (const strategy of strategies ?? ['userNamespace', 'account']) {
    const candidates = strategy === 'userNamespace' ? [userNamespace] : ['postgres', 'nobody'].flatMap(account);
    for (const identity of candidates) {
      if (!can(identity, ['sh', '-c', 'test -x "$0"', dataDir])) continue;
      if (canRun(identity, binaries)) return { identity, binaries };
      const copy = nativeCopy(binaries, dataDir);
      if (canRun(identity, copy)) return { identity, binaries: copy };
    }
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and no other way works here for ${dataDir}: user namespaces are not available ` +
      'and neither the account postgres nor nobody can enter that folder. Do one of these: run Rollcall as an ordinary ' +
      'user; or set ROLLCALL_DATA_DIR to a folder every user can enter, such as /var/lib/rollcall; or set DATABASE_URL ' +
      'to a PostgreSQL server of your own.',
  );
}

/** The command line and spawn options that run a program under an identity. */
export function commandFor(
  identity: ProcessIdentity,
  file: string,
  args: string[],
  cwd: string,
): [string, string[], SpawnOptions] {
  const [first = file, ...rest] = [...identity.prefix, file, ...args];
  return [first, rest, { cwd, windowsHide: true, ...identity.user, ...cleanEnvironment() }];
}

function ourselves(): ProcessIdentity {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  const fileOwner = uid === undefined || gid === undefined ? undefined : { uid, gid };
  return { description: 'the current user', prefix: [], fileOwner };
}

function account(name: string): ProcessIdentity[] {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const id = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return id.status === 0 ? Number.parseInt(id.stdout, 10) : Number.NaN;
  });
  if (!uid || !gid) return [];
  const ids = { uid, gid };
  return [{ description: `the account ${name}`, prefix: [], fileOwner: ids, user: ids }];
}

function canRun(identity: ProcessIdentity, binaries: Binaries): boolean {
  return can(identity, [program(binaries.home, 'postgres'), '--version']);
}

/** Asks the operating system by trying, because modes alone do not know of access lists, mounts and policies. */
function can(identity: ProcessIdentity, [file = '', ...args]: string[]): boolean {
  // Not from inside the data folder: a folder that cannot be entered must be an answer, not a failure to spawn.
  const [command, rest, options] = commandFor(identity, file, args, '/');
  const result = spawnSync(command, rest, { ...options, stdio: 'ignore', timeout: 10_000 });
  return result.status === 0;
}

/** PGPORT, PGDATA and their like in the caller's environment would silently change what a server does. */
function cleanEnvironment(): SpawnOptions {
  if (process.platform === 'win32') return {};
  return { env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
}
