import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCases } from './cases/case';
import { Product } from './cases/product';
import { runCase } from './cases/run-case';

const product = new Product();
afterAll(() => product.close());

/** Asked of the product, these have no answer: by id, so that none joins them unnoticed. */
const ABSENT: Readonly<Record<string, readonly string[]>> = {
  'not offered': ['PAY-01', 'PAY-02', 'PAY-03', 'PAY-04', 'PAY-05'],
  'not yet': [...['EU-01', 'EU-02', 'EU-04'], ...['OT-OD-09']],
};

/** The shared cases, and neighbours of them at the boundaries of each rule. */
describe.each(['cases.json', 'more-cases.json'])('attendance cases of %s', (file) => {
  const cases = parseCases(readFileSync(path.join(__dirname, file), 'utf8'));

  it.each(cases.map((each) => [each.id, each.description, each] as const))('%s %s', async (id, _, given) => {
    const expected = Object.keys(ABSENT).find((outcome) => ABSENT[outcome]?.includes(id)) ?? 'passed';
    const { outcome, detail } = await runCase(given, product);
    expect([outcome, outcome === 'failed' ? detail : []]).toEqual([expected, []]);
  });
});
