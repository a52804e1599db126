import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RotatingFile } from '../../src/http/logging/rotating-file';
import { until } from '../support/until';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-log-'));
  file = path.join(folder, 'below', 'rollcall.log');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const names = () => readdirSync(path.dirname(file)).sort();
const linesOf = (name: string) =>
  readFileSync(path.join(path.dirname(file), name), 'utf8')
    .trimEnd()
    .split('\n')
    .map(Number);
const line = (n: number) => `${String(n).padStart(9, '0')}\n`;

describe('LOG-01, B13: a log file', () => {
  it('has the name that was asked for, a bound for each file and for their number, and holds the latest lines, each once', async () => {
    const log = new RotatingFile(file, { maxBytes: 1000, files: 3 });
    for (let n = 1; n <= 1050; n++) log.write(line(n));
    log.flushSync();
    expect(names()).toEqual(['rollcall.log', 'rollcall.log.1', 'rollcall.log.2']);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    await until(
      () => names().every((name) => statSync(path.join(path.dirname(file), name)).size > 0),
      'all is written',
    );
    expect(linesOf('rollcall.log.2')).toEqual(range(801, 900));
    expect(linesOf('rollcall.log.1')).toEqual(range(901, 1000));
    expect(linesOf('rollcall.log')).toEqual(range(1001, 1050));
  });

  it('is for its owner alone to read, one that was there before as well, and is continued', () => {
    new RotatingFile(file, { maxBytes: 1000, files: 2 }).flushSync();
    writeFileSync(file, line(1).repeat(99));
    chmodSync(file, 0o644);
    const log = new RotatingFile(file, { maxBytes: 1000, files: 2 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    log.write(line(2));
    log.flushSync();
    expect(linesOf('rollcall.log')).toHaveLength(100);
    log.write(line(3));
    log.flushSync();
    expect(linesOf('rollcall.log')).toEqual([3]);
    for (const name of names()) expect(statSync(path.join(path.dirname(file), name)).mode & 0o777).toBe(0o600);
  });

  it('that cannot be opened is found out at the start', () => {
    writeFileSync(path.join(folder, 'below'), 'a file, where the folder should be');
    expect(() => new RotatingFile(file, { maxBytes: 1000, files: 2 })).toThrow(/below/);
  });
});
