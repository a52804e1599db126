import stringify from 'safe-stable-stringify';
import type { AuditEntry } from './entry';

/** Names whose values never reach the ledger, a log or a trail. */
const secretName = /pass(word|phrase)|secret|token|authorization|cookie|api[-_]?key|private|credential|_hash$|Hash$/i;
const MASK = '[redacted]';

/** The fields that differ, with secrets masked. Dates become RFC 3339; a field that is undefined is absent. */
export function changesOf(entry: AuditEntry): {
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
} {
  const { before, after } = entry;
  if (!before || !after) return { before: before ? masked(before) : null, after: after ? masked(after) : null };
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => stringify(before[name]) !== stringify(after[name]),
  );
  const only = (state: Readonly<Record<string, unknown>>) =>
    masked(Object.fromEntries(changed.filter((name) => name in state).map((name) => [name, state[name]])));
  return { before: only(before), after: only(after) };
}

function masked(state: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, secretName.test(name) && value !== null ? MASK : plain(value)]),
  );
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? masked(value as Record<string, unknown>) : value;
}

/** JSON with sorted keys and no white space: the same content is the same bytes, on every machine and in every version. */
export function canonicalJson(value: unknown): string {
  return stringify(value) ?? 'null';
}
