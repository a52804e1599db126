import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { problems } from '../../src/http/problem';

const root = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

function pages(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|\.data.*|\.git|coverage)$/.test(entry.name) ? [] : pages(at);
    return entry.name.endsWith('.md') ? [at] : [];
  });
}

describe('the documentation', () => {
  it('has no link that leads nowhere', () => {
    const broken = pages().flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
        .map((match) => path.resolve(path.dirname(page), match[1] ?? ''))
        .filter((target) => !existsSync(target))
        .map((target) => `${path.relative(root, page)} -> ${path.relative(root, target)}`),
    );
    expect(broken).toEqual([]);
  });

  it('gives a reason for every dependency', () => {
    const manifest = JSON.parse(read('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const page = read('docs/dependencies.md');
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
    expect(
      [...page.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]).filter((name) => !names.includes(name ?? '')),
    ).toEqual([]);
  });

  it('lists every code of a problem, with its status', () => {
    const page = read('docs/api-guide.md');
    const missing = Object.entries(problems).filter(
      ([code, { status }]) => !page.includes(`| \`${code}\` | ${status} |`),
    );
    expect(missing.map(([code]) => code)).toEqual([]);
  });
});
