import { readFileSync } from 'node:fs';
import startCluster from '../../support/global-setup';
import stopCluster from '../../support/global-teardown';
import { parseCases } from './case';
import { Product } from './product';
import { runCase, type CaseOutcome } from './run-case';

const OUTCOMES = ['passed', 'failed', 'not offered', 'not yet'] as const;

/** `cases FILE …`: runs every case of the files and prints what became of each; ends with 1 if one failed, 2 without a file. */
async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write('usage: cases FILE ...\n');
    return 2;
  }
  const cases = files.flatMap((file) => parseCases(readFileSync(file, 'utf8')));
  const started: Promise<void>[] = [];
  const product = new Product(async () => {
    if (started.length === 0) started.push(startCluster());
    await started[0];
  });
  const outcomes: CaseOutcome[] = [];
  try {
    for (const each of cases) outcomes.push(await runCase(each, product));
  } finally {
    await product.close();
    if (started.length > 0) await stopCluster();
  }
  return report(outcomes);
}

function report(outcomes: readonly CaseOutcome[]): number {
  const counts = OUTCOMES.map((name) => {
    const these = outcomes.filter(({ outcome }) => outcome === name);
    const lines = name === 'passed' ? [`  ${these.map(({ id }) => id).join(' ')}`] : these.map(lineOf);
    process.stdout.write([`${name} ${these.length}`, ...lines, ''].join('\n'));
    return `${these.length} ${name}`;
  });
  process.stdout.write(`${counts.join(' + ')} = ${outcomes.length} cases, 0 skipped\n`);
  return outcomes.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

const lineOf = ({ id, detail }: CaseOutcome) => `  ${id}: ${detail.join('; ')}`;

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
