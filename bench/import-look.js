// What it takes to look through a whole file before its preview, beside reading its rows alone; see bench/README.md.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { figure, say } = require('./figures');
const { sized } = require('./options');
const { built } = require('./stage');

const ROWS = sized(20_000, 200_000, 1_000_000);
const TIMES = sized(1, 3, 3);
const two = (number) => String(number).padStart(2, '0');

/** Files in which every row asks something: the order of day and month, what fractions are as times, and what bare numbers of breaks count. */
const shapes = {
  punches: {
    header: 'employeeNumber,type,timestamp',
    row: (n, day, month) =>
      `${n % 10_000},${n % 2 ? 'out' : 'in'},2026-${month}-${day}T${two(n % 24)}:${two(n % 60)}:${two((n * 7) % 60)}`,
  },
  days: {
    header: 'employeeNumber,date,in,out,breakMinutes',
    row: (n, day, month) =>
      `${n % 10_000},${day}/${month}/2026,${two(6 + (n % 4))}:${two(n % 60)},${two(15 + (n % 4))}:${two(n % 60)},30`,
  },
  points: {
    header: 'employeeNumber;date;in;out;break',
    row: (n, day, month) =>
      `${n % 10_000};${day}.${month}.26;${two(6 + (n % 4))}.${two(n % 60)};${two(15 + (n % 4))}.${two(n % 60)};0.30`,
  },
};

function written(folder, name, { header, row }) {
  const rows = Array.from({ length: ROWS }, (_, n) =>
    row(n, two(1 + (Math.floor(n / 3500) % 28)), two(1 + Math.floor((n * 10) / ROWS))),
  );
  const file = path.join(folder, `${name}.csv`);
  writeFileSync(file, [header, ...rows, ''].join('\n'));
  return file;
}

/** Seconds of the processor, the least of several attempts: other work on the machine only adds to it. */
async function leastOf(work) {
  const costs = [];
  for (let n = 0; n < TIMES; n += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1e6);
  }
  return Math.min(...costs);
}

async function main() {
  const { inspectFile } = built('attendance/imports/reading/inspect');
  const { readRows } = built('attendance/imports/reading/read-rows');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-bench-'));
  try {
    for (const [name, shape] of Object.entries(shapes)) {
      const file = written(folder, name, shape);
      const detected = await inspectFile(file);
      let rows = 0;
      const reading = await leastOf(async () => {
        rows = 0;
        for await (const batch of readRows(file, detected)) rows += batch.length;
      });
      if (rows !== ROWS) throw new Error(`${rows} rows of ${ROWS} were read`);
      const looking = figure(`${name}: CPU s to look through`, await leastOf(() => inspectFile(file)));
      say(
        `${name}: ${looking.toFixed(2)} s of CPU to look through ${ROWS} rows, ${reading.toFixed(2)} s to read them alone`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
