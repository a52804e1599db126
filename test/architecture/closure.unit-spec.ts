import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const src = path.join(root, 'src');
const cases = path.join(root, 'test/rules/cases');

/** What is started: the server and its command line. */
const ENTRIES = ['main.ts', 'cli.ts'].map((file) => path.join(src, file));

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .map((file) => path.join(folder, file));
}

/** Files that a file imports, or starts as a worker by its compiled name. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const relative = [...text.matchAll(/(?:from|import|require)\s*\(?\s*'(\.[^']*)'/g)].map((match) => match[1] ?? '');
  const started = [...text.matchAll(/'([\w./-]+)\.js'/g)].map((match) => match[1] ?? '');
  return [...relative, ...started]
    .map((name) => `${path.resolve(path.dirname(file), name)}.ts`)
    .filter((target) => existsSync(target));
}

function closureOf(entries: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    open.push(...importsOf(file));
  }
  return reached;
}

const named = (files: Iterable<string>) => [...files].map((file) => path.relative(root, file)).sort();

describe('what is started', () => {
  const running = closureOf(ENTRIES);

  it('reaches every file of src, so that nothing is tested that nobody runs', () => {
    expect(running.size).toBeGreaterThan(ENTRIES.length);
    expect(named(filesIn(src).filter((file) => !running.has(file)))).toEqual([]);
  });

  it('holds every file of src that an attendance case reaches', () => {
    const reached = [...closureOf(filesIn(cases))].filter((file) => file.startsWith(src + path.sep));
    expect(named(reached)).toContain('src/attendance/rules/engine.ts');
    expect(named(reached.filter((file) => !running.has(file)))).toEqual([]);
  });

  it('calls every function of the rules that an attendance case calls', () => {
    const rules = path.join(src, 'attendance/rules');
    const texts = new Map([...running].map((file) => [file, readFileSync(file, 'utf8')]));
    const unused = filesIn(rules).flatMap((file) =>
      [...(texts.get(file) ?? '').matchAll(/^export (?:async )?function (\w+)/gm)]
        .map((match) => match[1] ?? '')
        .filter((name) => {
          const word = new RegExp(`\\b${name}\\b`, 'g');
          const uses = [...texts].map(([other, text]) => (text.match(word)?.length ?? 0) - (other === file ? 1 : 0));
          return uses.every((count) => count <= 0);
        })
        .map((name) => `${path.relative(root, file)}: ${name}`),
    );
    expect(unused).toEqual([]);
  });
});
