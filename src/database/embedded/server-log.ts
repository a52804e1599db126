import { closeSync, existsSync, fchmodSync, fstatSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';

const largest = 5 * 1024 * 1024;
const telling = /(?:FATAL|PANIC|ERROR|HINT|DETAIL|error while loading|cannot execute|initdb: )/;

/** The server writes to a file, not to a pipe, because it may outlive the process that started it. */
export class ServerLog {
  private from = 0;

  constructor(readonly path: string) {}

  /** Emptied only between two servers, never under a running one. */
  truncateWhenLarge(): void {
    if (existsSync(this.path) && statSync(this.path).size > largest) truncateSync(this.path);
  }

  /** Hands out a descriptor for one child and remembers where its lines begin. */
  async write<T>(use: (descriptor: number) => T | Promise<T>): Promise<T> {
    const descriptor = openSync(this.path, 'a', 0o600);
    try {
      // A log quotes statements, and statements carry personal data.
      fchmodSync(descriptor, 0o600);
      this.from = fstatSync(descriptor).size;
      return await use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  latest(): string {
    return readFileSync(this.path).subarray(this.from).toString('utf8');
  }

  excerpt(): string {
    return usefulLines(this.latest());
  }
}

/** What a person needs to see of a failed start: the complaints if there are any, else the last words. */
export function usefulLines(text: string, most = 8): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.filter((line) => telling.test(line));
  return (complaints.length > 0 ? complaints : lines).slice(-most).join('\n');
}
