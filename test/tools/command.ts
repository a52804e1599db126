import { execFile } from 'node:child_process';
import path from 'node:path';
import { builtProgram } from '../support/build';

/** The operator's command in a process of its own; `environment` only where it needs one. */
export function rollcall(args: string[], environment: Record<string, string> = {}) {
  const program = path.join(path.dirname(builtProgram()), 'cli.js');
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', ...environment };
  return new Promise<{ code: number; out: string; error: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { env, maxBuffer: 1e8 }, (failure, out, error) => {
      resolve({ code: failure ? Number(failure.code) : 0, out, error });
    });
  });
}
