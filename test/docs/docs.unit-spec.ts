import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { roleTemplates } from '../../src/auth/roles';
import { problems } from '../../src/http/problems/problem';

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

  it('names no file and no script that is not there', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const astray = pages().flatMap((page) => {
      const text = readFileSync(page, 'utf8');
      const files = [...text.matchAll(/`((?:src|test|bench|scripts|ops|migrations|docs|\.ci)\/[\w./-]*)`/g)]
        .map((match) => match[1] ?? '')
        .filter((file) => !existsSync(path.join(root, file)));
      const commands = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((script) => !scripts.includes(script));
      return [...files, ...commands].map((name) => `${path.relative(root, page)}: ${name}`);
    });
    expect(astray).toEqual([]);
  });

  it('shows the roles as they are', () => {
    const page = read('docs/security.md');
    const rows = Object.entries(roleTemplates).map(
      ([role, { permissions }]) => `| \`${role}\` | ${permissions.map((name) => `\`${name}\``).join(' ')} |`,
    );
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
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

  it('lists every code of a problem with its status, and no other', () => {
    const listed = [...read('docs/api-guide.md').matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(
      ([, code, status]) => `${code} ${status}`,
    );
    expect(listed.sort()).toEqual(
      Object.entries(problems)
        .map(([code, { status }]) => `${code} ${status}`)
        .sort(),
    );
  });
});
