import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCases } from './cases/case';
import { runCase } from './cases/run-case';

/** The shared cases, and neighbours of them at the boundaries of each rule. */
describe.each(['cases.json', 'more-cases.json'])('attendance cases of %s', (file) => {
  const cases = parseCases(readFileSync(join(__dirname, file), 'utf8'));

  it.each(cases.map((each) => [each.id, each.description, each] as const))('%s %s', (id, _, given) => {
    expect(runCase(given)).toEqual({ id, outcome: 'passed', detail: [] });
  });
});
