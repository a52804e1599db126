// `npm start`: builds when the sources are newer than what was built, then runs the server in this process.
const { spawnSync } = require('node:child_process');
const { readdirSync, statSync, existsSync, rmSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const built = path.join(root, 'dist', 'main.js');

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      newest = Math.max(newest, statSync(path.join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return newest;
}

if (!existsSync(built) || statSync(built).mtimeMs < newestIn(path.join(root, 'src'))) {
  process.stderr.write('Building Rollcall ...\n');
  rmSync(path.join(root, 'dist'), { recursive: true, force: true });
  const compiler = require.resolve('typescript/bin/tsc');
  const build = spawnSync(process.execPath, [compiler, '-p', path.join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

require(built);
