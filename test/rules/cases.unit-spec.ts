import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCases } from '../../src/attendance/rules/cases/case';
import { runCase } from '../../src/attendance/rules/cases/run-case';

const cases = parseCases(readFileSync(join(__dirname, 'cases.json'), 'utf8'));

describe('attendance cases', () => {
  it.each(cases.map((each) => [each.id, each.description, each] as const))('%s %s', (id, _, given) => {
    expect(runCase(given)).toEqual({ id, outcome: 'passed', detail: [] });
  });
});
