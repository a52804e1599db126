// What a bench prints, and the figures by name that `--against` compares.
const { writeFileSync } = require('node:fs');

const figures = {};
const say = (line) => process.stdout.write(`${line}\n`);

/** Keeps a figure under its name and answers its value. */
function figure(name, value) {
  figures[name] = value;
  return value;
}

/** Prints and keeps what a unit took of the processor: `{ server, postgres }` in microseconds, or of this process alone. */
function cpuFigures(name, unit, cost) {
  for (const [part, value] of Object.entries(cost)) figure(`${name}: CPU µs a ${unit}, ${part}`, value);
  const parts = Object.entries(cost).map(([part, value]) => `${part} ${Math.round(value).toLocaleString('en')} µs`);
  say(`${name}: CPU a ${unit}: ${parts.join(', ')}`);
}

/** The value below which a share of the times lies. */
function quantile(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

async function timed(work) {
  const started = performance.now();
  const answer = await work();
  return { answer, ms: performance.now() - started };
}

process.on('exit', () => {
  if (process.env.BENCH_FIGURES) writeFileSync(process.env.BENCH_FIGURES, JSON.stringify(figures));
});

module.exports = { say, figure, cpuFigures, quantile, timed };
