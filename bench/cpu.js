// Processor time and memory from /proc, so on Linux. Unlike throughput, processor time says nearly the same on a busy machine and on a quiet one.
const { readdirSync, readFileSync } = require('node:fs');

/** The kernel counts in hundredths of a second (USER_HZ) wherever Node runs. */
const MICROSECONDS_A_TICK = 10_000;

/** A process of /proc; undefined when it has ended meanwhile. `ticks` includes those of children that ended. */
function processOf(pid) {
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name before may contain blanks and brackets
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks };
}

const parentOf = (pid) => processOf(pid)?.parent;

/** What a process and its descendants have used so far, in microseconds. */
function cpuOf(root) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);
  const tree = new Set([root]);
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
  }
  return all.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks * MICROSECONDS_A_TICK, 0);
}

/** Starts to count; the function it answers says the microseconds a unit since then: `meter({ server: pid })().server`. */
function meter(roots) {
  const before = Object.entries(roots).map(([name, pid]) => [name, pid, cpuOf(pid)]);
  return (units = 1) => Object.fromEntries(before.map(([name, pid, start]) => [name, (cpuOf(pid) - start) / units]));
}

/** Resident memory of a process, in MB. */
const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

module.exports = { cpuOf, meter, parentOf, rssMb };
