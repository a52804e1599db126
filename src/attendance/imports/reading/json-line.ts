import type { Row } from './row';

/** The names of the members of the first lines, in order of appearance; `null` where a line is no JSON object. */
export function jsonColumns(lines: readonly string[]): string[] | null {
  const columns = new Set<string>();
  for (const line of lines) {
    const members = membersOf(line);
    if (!members) return null;
    for (const [name] of members) columns.add(name);
  }
  return [...columns];
}

/** A line as cells in the order of the columns: text as it is, numbers and truth values as JSON writes them. */
export function jsonRow(text: string, line: number, columns: ReadonlyMap<string, number>): Row {
  const members = membersOf(text);
  if (!members) return { line, cells: [text.slice(0, 200)], fault: 'not a JSON object on one line' };
  const cells = Array<string>(columns.size).fill('');
  for (const [name, value] of members) {
    const at = columns.get(name);
    if (at !== undefined) cells[at] = cellOf(value);
  }
  return { line, cells };
}

function membersOf(text: string): [string, unknown][] | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
  } catch {
    return null;
  }
}

function cellOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}
