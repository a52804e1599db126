import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const src = path.resolve(__dirname, '../../src');

/** From the bottom up. A folder may import from folders below it and from its own, never from above. */
const layers: readonly (readonly string[])[] = [
  ['attendance/rules'],
  ['config', 'metrics/instruments', 'http'],
  ['database'],
  ['idempotency'],
  ['tenancy'],
  ['audit/ledger'],
  ['jobs'],
  ['auth'],
  ['rate-limit'],
  ['writes', 'routing'],
  ['audit'],
  ['attendance/people', 'attendance/dates', 'attendance/files', 'attendance/closed-periods'],
  [
    'attendance/punches',
    'attendance/terminals',
    'attendance/policies',
    'attendance/holidays',
    'attendance/leave',
    'attendance/schedules',
    'attendance/days',
    'attendance/exceptions',
    'attendance/corrections',
    'attendance/pay-periods',
    'attendance/imports',
    'attendance/exports',
    'admin',
    'retention',
    'health',
    'metrics',
    'monitoring',
  ],
  ['attendance'],
  ['demo', 'tools'],
  ['.'],
];
/** Arrows within a layer that are allowed, each in one direction. */
const neighbours: readonly [from: string, to: string][] = [
  ['http', 'metrics/instruments'],
  ['http', 'config'],
  ['attendance/corrections', 'attendance/punches'],
  ['attendance/terminals', 'attendance/punches'],
  ['attendance/terminals', 'attendance/imports'],
  ['attendance/exports', 'attendance/pay-periods'],
  ['attendance/days', 'attendance/policies'],
  ['attendance/days', 'attendance/punches'],
  ['attendance/imports', 'attendance/punches'],
  ['attendance/days', 'attendance/schedules'],
  ['attendance/schedules', 'attendance/policies'],
];

/** Rooms that are themselves divided: their folders, which must not import each other in a circle either. */
const divided = ['http', 'audit', 'attendance/imports', 'attendance/pay-periods'];

function roomOf(file: string): string {
  const relative = path.relative(src, file);
  const rooms = layers.flat().filter((room) => relative.startsWith(`${room}${path.sep}`));
  return (
    rooms.sort((a, b) => b.length - a.length)[0] ??
    (relative.includes(path.sep) ? relative.split(path.sep).slice(0, -1).join('/') : '.')
  );
}

function sources(): string[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import|require)\s*\(?\s*'(\.[^']*)'/g)].map((match) =>
    path.resolve(path.dirname(file), match[1] ?? ''),
  );
}

/** What a file says of schemas: nothing, unless it knows Zod. */
function schemaTextOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  return text.includes("from 'zod'") ? text : '';
}

/** The folder of a file within a divided room, else its room. */
function folderOf(file: string): string {
  const room = roomOf(file);
  const house = divided.find((each) => room === each || room.startsWith(`${each}/`));
  if (house === undefined) return room;
  const [folder = '', rest] = path.relative(path.join(src, house), file).split(path.sep);
  return rest === undefined ? house : `${house}/${folder}`;
}

/** A way that leads back to where it began, or undefined. */
function circleIn(ways: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const cleared = new Set<string>();
  const from = (node: string, behind: readonly string[]): string[] | undefined => {
    if (behind.includes(node)) return [...behind.slice(behind.indexOf(node)), node];
    if (cleared.has(node)) return undefined;
    for (const next of ways.get(node) ?? []) {
      const circle = from(next, [...behind, node]);
      if (circle) return circle;
    }
    cleared.add(node);
    return undefined;
  };
  for (const node of ways.keys()) {
    const circle = from(node, []);
    if (circle) return circle;
  }
  return undefined;
}

/** Who imports whom, types included; nobody imports themselves. */
function waysBetween(files: readonly string[], nameOf: (file: string) => string): Map<string, Set<string>> {
  const ways = new Map<string, Set<string>>();
  for (const file of files)
    for (const target of importsOf(file).map((each) => `${each.replace(/\.js$/, '')}.ts`)) {
      const [from, to] = [nameOf(file), nameOf(target)];
      if (from !== to) ways.set(from, (ways.get(from) ?? new Set()).add(to));
    }
  return ways;
}

const levelOf = (room: string) => layers.findIndex((rooms) => rooms.includes(room));

describe('the layers of architecture.md', () => {
  const arrows = sources().flatMap((file) =>
    importsOf(file).map((target) => ({ file: path.relative(src, file), from: roomOf(file), to: roomOf(target) })),
  );

  it('knows every room', () => {
    const unknown = [...new Set(sources().map(roomOf))].filter((room) => levelOf(room) < 0);
    expect(unknown).toEqual([]);
  });

  it('has no arrow that runs up', () => {
    const up = arrows.filter(
      ({ from, to }) =>
        from !== to && levelOf(to) >= levelOf(from) && !neighbours.some(([a, b]) => a === from && b === to),
    );
    expect(up.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });

  it('has no room that imports itself by way of others', () => {
    // A module names what is in its room: it stands above the room's folders.
    const files = sources().filter((file) => !/\.(spec|module)\.ts$/.test(file));
    expect(circleIn(waysBetween(files, folderOf))).toBeUndefined();
  });

  it('has no file that imports itself by way of others, be it for a type', () => {
    expect(circleIn(waysBetween(sources(), (file) => path.relative(src, file)))).toBeUndefined();
  });

  it('keeps the rules of attendance free of everything: they import nothing but themselves', () => {
    const outside = arrows.filter(({ from, to }) => from === 'attendance/rules' && to !== 'attendance/rules');
    const packages = sources()
      .filter((file) => roomOf(file) === 'attendance/rules')
      .filter((file) => /from '(@nestjs|pg|fastify)/.test(readFileSync(file, 'utf8')));
    expect([outside, packages]).toEqual([[], []]);
  });

  it('lets nobody but the database room talk to the driver', () => {
    const guests = sources().filter(
      (file) => roomOf(file) !== 'database' && /from 'pg'/.test(readFileSync(file, 'utf8')),
    );
    expect(guests.map((file) => path.relative(src, file))).toEqual([]);
  });

  it('reads identifiers by one schema, which makes their letters small', () => {
    const own = sources().filter(
      (file) => !file.endsWith('.spec.ts') && /\b(uuid|guid)(v\d)?\(/.test(schemaTextOf(file)),
    );
    expect(own.map((file) => path.relative(src, file))).toEqual(['http/input/identifiers.ts']);
  });

  it('reads the environment in one file', () => {
    const readers = sources().filter((file) => /process\.env/.test(readFileSync(file, 'utf8')));
    expect(readers.map((file) => path.relative(src, file))).toEqual(['config/config.ts']);
  });
});
