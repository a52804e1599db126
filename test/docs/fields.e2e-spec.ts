import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startServer } from '../support/server';

const docs = path.resolve(__dirname, '../../docs');
/** Pages about the code, whose names are those of the code. */
const aboutCode = ['architecture.md', 'contributing.md', 'dependencies.md', 'testing.md', 'triggers.md'];
/** Members of problem documents that one code has and the others have not; the document describes what all have. */
const problemMembers = ['currentStatus', 'nearestAt', 'violatedPolicies'];

/** Every name a client can send or gets: properties, parameters, values of lists, and what descriptions name themselves. */
function namesIn(part: unknown, found = new Set(problemMembers)): Set<string> {
  if (typeof part === 'string') for (const [, name = ''] of part.matchAll(/`(\w+)`/g)) found.add(name);
  if (typeof part !== 'object' || part === null) return found;
  const { properties, name, enum: values } = part as Record<string, unknown>;
  if (typeof properties === 'object' && properties !== null) for (const key of Object.keys(properties)) found.add(key);
  if (typeof name === 'string' && 'in' in part) found.add(name);
  if (Array.isArray(values)) for (const value of values) found.add(String(value));
  for (const value of Object.values(part)) namesIn(value, found);
  return found;
}

it('the documentation names no field that the API does not have', async () => {
  const server = await startServer();
  try {
    const known = namesIn((await server.stranger.get('/openapi.json')).body);
    expect([known.has('employeeId'), known.has('hiredOn')]).toEqual([true, false]);
    const pages = readdirSync(docs).filter((file) => file.endsWith('.md') && !aboutCode.includes(file));
    const named = pages.flatMap((file) =>
      [...readFileSync(path.join(docs, file), 'utf8').matchAll(/`([a-z]+(?:[A-Z][a-z0-9]*)+)`/g)].map(
        ([, field = '']) => ({ file, field }),
      ),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ field }) => !known.has(field))).toEqual([]);
  } finally {
    await server.close();
  }
});
