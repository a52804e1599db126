// Two builds of Rollcall under the same bench, in turns: `npm run bench -- punches --quick --against <commit> --rounds 5`.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, symlinkSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { say } = require('./figures');

const root = path.join(__dirname, '..');

/** Runs a command to its end; its output is shown only when it fails. */
function run(command, args, cwd, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stdout + stderr}`);
  return stdout;
}

/** A commit, checked out and built in a folder of its own. Dependencies are shared when its lock file is ours. */
function build(commit, folder) {
  run('git', ['worktree', 'add', '--detach', folder, commit], root);
  const lock = (checkout) => readFileSync(path.join(checkout, 'package-lock.json'), 'utf8');
  if (lock(folder) === lock(root)) symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  else run('npm', ['ci', '--no-audit', '--no-fund'], folder);
  run('npm', ['run', '-s', 'build'], folder);
}

/** One run of a bench of this checkout with the build of another: its figures by name. */
function figuresOf(bench, options, buildRoot, folder) {
  const file = path.join(folder, 'figures.json');
  const env = { ...process.env, BENCH_ROOT: buildRoot, BENCH_FIGURES: file };
  run(process.execPath, [path.join(__dirname, `${bench}.js`), '--alone', ...options], root, env);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
};
const shown = (value) => (Math.abs(value) < 10 ? value.toFixed(2) : Math.round(value).toLocaleString('en'));

/**
 * A figure a line: the medians of both builds, the median, least and largest of the ratios within a round, and the ratio of what each build
 * did at its least: others at work only ever add processor time, so that is the figure they disturb least.
 */
function table(rounds) {
  say('| | before | here | here / before | from | to | least / least |\n|---|---|---|---|---|---|---|');
  for (const name of Object.keys(rounds[0].here)) {
    const [before, here] = ['before', 'here'].map((side) => rounds.map((round) => round[side][name]));
    const ratios = here.map((value, round) => value / before[round]).filter(Number.isFinite);
    const spread = ratios.length === 0 ? ['', '', ''] : [median(ratios), Math.min(...ratios), Math.max(...ratios)];
    const least = Math.min(...here) / Math.min(...before);
    const cells = [median(before), median(here), ...spread, Number.isFinite(least) ? least : ''].map((cell) =>
      cell === '' ? '' : shown(cell),
    );
    say(`| ${name} | ${cells.join(' | ')} |`);
  }
}

/** Compares this build with the one of a commit, bench by bench. */
function compare(benches, options, commit, rounds) {
  process.on('SIGINT', () => undefined); // it ends the run under way, and that tidies up
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-against-'));
  const other = path.join(folder, 'before');
  try {
    build(commit, other);
    for (const bench of benches) {
      const done = [];
      for (let round = 0; round < rounds; round++) {
        const both = {};
        const order = round % 2 === 0 ? ['before', 'here'] : ['here', 'before'];
        for (const side of order) both[side] = figuresOf(bench, options, side === 'here' ? root : other, folder);
        done.push(both);
        process.stderr.write(`${bench}: round ${round + 1} of ${rounds}\n`);
      }
      say(`\n${bench} ${options.join(' ')}, ${rounds} rounds in turns; before: ${commit}\n`);
      table(done);
    }
  } finally {
    spawnSync('git', ['worktree', 'remove', '--force', other], { cwd: root });
    rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { compare };
