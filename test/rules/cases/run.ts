import { readFileSync } from 'node:fs';
import { parseCases } from './case';
import { runCase } from './run-case';

/** `cases FILE …`: runs every case of the files and prints what became of each; ends with 1 if one failed, 2 without a file. */
function main(files: readonly string[]): number {
  if (files.length === 0) {
    process.stderr.write('usage: cases FILE ...\n');
    return 2;
  }
  const outcomes = files.flatMap((file) => parseCases(readFileSync(file, 'utf8')).map(runCase));
  const of = (outcome: string) => outcomes.filter((each) => each.outcome === outcome);
  process.stdout.write(
    `passed ${of('passed').length}: ${of('passed')
      .map((each) => each.id)
      .join(' ')}\n`,
  );
  for (const outcome of ['failed', 'skipped']) {
    process.stdout.write(`${outcome} ${of(outcome).length}\n`);
    for (const { id, detail } of of(outcome)) process.stdout.write(`  ${id}: ${detail.join('; ')}\n`);
  }
  return of('failed').length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
