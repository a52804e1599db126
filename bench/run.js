// `npm run bench`: the benches that measure, or the ones named on the command line; with `--smoke` every one there is, a few seconds each;
// with `--against <commit>` this build and that commit's in turns.
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { compare } = require('./against');

const measuring = ['punches', 'crud', 'days', 'imports', 'import-look', 'exports', 'quotas'];
const proving = ['crash', 'rolling', 'import-crash'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    smoke: { type: 'boolean' },
    quick: { type: 'boolean' },
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});
const options = ['smoke', 'quick'].filter((size) => values[size]).map((size) => `--${size}`);

/** Runs benches one after the other; answers those that ended badly. */
const failing = (benches) =>
  benches.filter((bench) => {
    process.stdout.write(`\n== ${bench}\n`);
    const started = performance.now();
    const script = path.join(__dirname, `${bench}.js`);
    const { status } = spawnSync(process.execPath, [script, ...options], { stdio: 'inherit' });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`== ${bench} ${status === 0 ? 'ended well' : 'FAILED'} in ${seconds} s\n`);
    return status !== 0;
  });

if (values.against !== undefined) {
  compare(positionals.length > 0 ? positionals : measuring, options, values.against, Number(values.rounds));
} else {
  const failed = failing(positionals.length > 0 ? positionals : values.smoke ? [...measuring, ...proving] : measuring);
  if (failed.length > 0) {
    process.stderr.write(`failed: ${failed.join(', ')}\n`);
    process.exitCode = 1;
  }
}
