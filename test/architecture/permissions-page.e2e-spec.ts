import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { roleTemplates } from '../../src/auth/roles';
import { serverForFile } from '../support/scene';
import { changes, type Route, routesOf } from './route-table';

const server = serverForFile();
const file = path.resolve(__dirname, '../../docs/permissions.md');
const roles = Object.entries(roleTemplates);

function mayCall(permissions: readonly string[], { access }: Route): boolean {
  if (access?.kind === 'permission') return access.anyOf.some((permission) => permissions.includes(permission));
  return access !== undefined;
}

const needs = ({ access }: Route) => {
  if (access?.kind === 'permission') return access.anyOf.map((permission) => `\`${permission}\``).join(' or ');
  return access?.kind === 'public' ? 'nothing' : 'a token';
};

/** What an API key may call that holds the permission. */
function isOpenToKeys(route: Route): boolean {
  const { access } = route;
  if (access?.kind === 'permission' && access.anyOf.every((permission) => permission === 'platform:admin'))
    return false;
  return access?.kind === 'public' || !changes(route) || route.openToKeys;
}

/** The page, from the routes as the server has them. */
function pageOf(routes: readonly Route[]): string {
  const sorted = [...routes].sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
  const rows = sorted.map((route) => {
    const cells = roles.map(([, { permissions }]) => (mayCall(permissions, route) ? '✓' : ''));
    return `| \`${route.name}\` | ${needs(route)} | ${cells.join(' | ')} | ${isOpenToKeys(route) ? '✓' : ''} |`;
  });
  return [
    '# Who may call what',
    '',
    'Made from the routes of the server: `WRITE_PAGES=yes npx jest test/architecture/permissions-page` writes this page anew, and the same test',
    'compares it. That each role is really let in or refused is tried route by route (`test/architecture/routes-access.e2e-spec.ts`).',
    'What an operation shows of the rows behind it (own, unit, tenant) stands in [security](security.md). The last column is what an API key may call that',
    'holds the permission.',
    '',
    `| operation | needs | ${roles.map(([name]) => `\`${name}\``).join(' | ')} | API key |`,
    `|---|---|${roles.map(() => ':-:').join('|')}|:-:|`,
    ...rows,
    '',
  ].join('\n');
}

it('the page of permissions says who may call what', () => {
  const page = pageOf(routesOf(server));
  if (process.env['WRITE_PAGES'] === 'yes') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
});
