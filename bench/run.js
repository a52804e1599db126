// `npm run bench`: all benches in turn, or the ones named on the command line.
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const benches = ['punches', 'days', 'imports', 'exports'];
const named = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const options = process.argv.slice(2).filter((word) => word.startsWith('-'));
for (const bench of named.length > 0 ? named : benches) {
  const { status } = spawnSync(process.execPath, [path.join(__dirname, `${bench}.js`), ...options], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
