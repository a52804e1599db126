// `npm run bench`: the benches that measure, or the ones named on the command line; with `--smoke` every one there is, a few seconds each.
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const measuring = ['punches', 'days', 'imports', 'exports'];
const proving = ['crash', 'rolling', 'import-crash'];

const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('-'));
const named = words.filter((word) => !word.startsWith('-'));
const isSmoke = options.includes('--smoke');
const benches = named.length > 0 ? named : isSmoke ? [...measuring, ...proving] : measuring;

const failed = benches.filter((bench) => {
  process.stdout.write(`\n== ${bench}\n`);
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [path.join(__dirname, `${bench}.js`), ...options], {
    stdio: 'inherit',
  });
  process.stdout.write(
    `== ${bench} ${status === 0 ? 'ended well' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(0)} s\n`,
  );
  return status !== 0;
});
if (failed.length > 0) {
  process.stderr.write(`failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
