import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { ApplicationRegistry } from '../../src/metrics/instruments/application-registry';
import { ownInstruments } from '../support/metrics';

const root = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const rules = read('ops/prometheus/alerts.yml');
const tests = ['alerts.test.yml', 'alerts.days.test.yml'];
const cases = tests.map((file) => read(`ops/prometheus/${file}`)).join('');
const index = read('docs/operations/index.md');
const alerts = [...new Set(all(rules, /- alert: (\w+)/g))];
const expressions = all(rules, /expr: \|-\n((?: {10,}.*\n)+)/g);
const pages = [...new Set(all(rules, /runbook_url: (\S+)/g))].map((url) => path.basename(url));

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
}

/** The names of an expression that are neither label, function, keyword nor duration. */
function metricsIn(expression: string): string[] {
  const bare = expression.replaceAll(/\{[^}]*\}|\[[^\]]*\]|\b(by|on|ignoring|without) \([^)]*\)|offset \w+/g, ' ');
  const functions = new Set(all(bare, /\b(\w+) ?\(/g));
  const keywords = new Set(['and', 'or', 'unless', 'sum', 'max', 'min', 'count']);
  return all(bare, /\b([a-z][a-z0-9_]*)\b/g).filter((name) => !functions.has(name) && !keywords.has(name));
}

/** Every name that /metrics of a running server shows, with the parts that a histogram falls into. */
async function exported(): Promise<Set<string>> {
  const defaults = new Registry();
  collectDefaultMetrics({ register: defaults });
  const listed = [
    ...(await (await ownInstruments()).get(ApplicationRegistry).getMetricsAsJSON()),
    ...(await defaults.getMetricsAsJSON()),
  ];
  return new Set(
    listed.flatMap(({ name, type }) => [
      name,
      ...(String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : []),
    ]),
  );
}

describe('alerts', () => {
  it('are all read by this test', () => {
    expect(alerts.length).toBeGreaterThan(10);
    expect(expressions).toHaveLength(all(rules, /- alert: (\w+)/g).length);
  });

  it('ask only for metrics that the server has (OPS-18)', async () => {
    const known = await exported();
    const asked = [...new Set(expressions.flatMap(metricsIn))];
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => name !== 'up' && !known.has(name))).toEqual([]);
  });

  it.each(alerts)('%s is tested firing and not firing (OPS-17)', (alert) => {
    expect(cases).toMatch(new RegExp(`alertname: ${alert}\\n +exp_alerts:\\n +- exp_labels`));
    expect(cases).toContain(`alertname: ${alert}, exp_alerts: []`);
  });

  it('each have a page with the four steps, listed in the index; no page is without its alert', () => {
    for (const page of pages) {
      const text = read(`docs/operations/${page}`);
      expect(all(text, /^## (.*)$/gm)).toEqual(['Verify', 'Diagnose', 'Respond', 'Afterwards']);
      expect(index).toContain(`(${page})`);
    }
    expect(all(rules, /runbook_url: (\S+)/g)).toHaveLength(expressions.length);
    for (const page of all(index, /^\| \w+ \|.*\]\(([\w-]+\.md)\)/gm)) expect(pages).toContain(page);
  });

  it('have pages whose links lead somewhere', () => {
    for (const page of readdirSync(path.join(root, 'docs/operations')).filter((name) => name.endsWith('.md')))
      for (const link of all(read(`docs/operations/${page}`), /\]\(([^)#:]+)(?:#[^)]*)?\)/g))
        expect([page, link, existsSync(path.join(root, 'docs/operations', link))]).toEqual([page, link, true]);
  });
});
