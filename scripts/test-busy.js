// The whole suite while something else keeps every core busy: what fails here measures the machine and not the product.
//   node scripts/test-busy.js [--rounds 3] [--json FILE]
const { spawn } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, json: { type: 'string' } } });
const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-busy-'));
const report = path.resolve(values.json ?? path.join(folder, 'jest.json'));

// A loop ends with us, whatever ends us.
const loop = 'const us = process.ppid; while (process.ppid === us) for (let n = 0; n < 1e7; n++);';
const loops = Array.from({ length: os.availableParallelism() }, () => spawn(process.execPath, ['-e', loop]));

/** Runs the suite once; answers its exit code. */
function suite() {
  const [, ...test] = require('../package.json').scripts.test.split(' '); // what `npm test` does, by Node and with no shell in between
  const run = spawn(process.execPath, [...test, '--json', `--outputFile=${report}`], {
    cwd: path.resolve(__dirname, '..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => run.once('close', resolve));
}

/** The ten slowest files of the last run, in seconds: those that run together by the sum of their tests. */
function slowest() {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const seconds = new Map();
  for (const { name, assertionResults } of testResults)
    for (const { ancestorTitles, duration } of assertionResults) {
      const file = /^(?:src|test)\//.test(ancestorTitles[0]) ? ancestorTitles[0] : path.relative(process.cwd(), name);
      seconds.set(file, (seconds.get(file) ?? 0) + (duration ?? 0) / 1000);
    }
  return [...seconds].sort(([, a], [, b]) => b - a).slice(0, 10);
}

async function main() {
  const rounds = Number(values.rounds);
  let failures = 0;
  for (let round = 1; round <= rounds; round++) {
    const started = performance.now();
    const code = await suite();
    if (code !== 0) failures++;
    const took = Math.round((performance.now() - started) / 1000);
    console.log(`round ${round} of ${rounds}, every core busy: ${code === 0 ? 'passed' : 'FAILED'} in ${took} s`);
  }
  for (const [file, took] of slowest()) console.log(`${took.toFixed(1).padStart(6)} s  ${file}`);
  return failures === 0 ? 0 : 1;
}

main().then(
  (code) => {
    for (const one of loops) one.kill();
    rmSync(folder, { recursive: true, force: true });
    process.exitCode = code;
  },
  (error) => {
    for (const one of loops) one.kill();
    throw error;
  },
);
