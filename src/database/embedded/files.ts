import { chownSync, closeSync, fsyncSync, lchownSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface FileOwner {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL insists on owning its files, and who it is may change between two starts: root's way to run it differs from
 * machine to machine. Only root can hand files over; everybody else gets told. The top folder goes last, so that a
 * change that was interrupted is taken up again.
 */
export function giveTo(folder: string, owner: FileOwner): void {
  const { uid } = statSync(folder);
  if (uid === owner.uid) return;
  if (process.geteuid?.() !== 0) {
    throw new Error(
      `${folder} belongs to user ${uid}, but Rollcall runs as user ${owner.uid}: run it as that user, or chown the folder.`,
    );
  }
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(folder, entry), owner.uid, owner.gid);
  }
  chownSync(folder, owner.uid, owner.gid);
}

/** A rename survives a power cut only when the folder itself has reached the disk. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The code of a failed system call, whichever realm made the error: `instanceof Error` fails across realms. */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
