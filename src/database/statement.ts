/**
 * A named SQL statement. Written once as a constant beside the repository that uses it; PostgreSQL prepares it once for
 * each connection, so parsing and planning are not paid again.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** What the statement mainly does, for metrics. */
  readonly kind: QueryKind;
  /** Its rows may belong to any tenant: see TenantScope. */
  readonly acrossTenants?: true;
}

type QueryKind = 'select' | 'insert' | 'update' | 'delete' | 'transaction' | 'other';

const kinds: readonly QueryKind[] = ['select', 'insert', 'update', 'delete'];

/** Declares a statement. The kind is read off its first word, or the first data-changing word after WITH. */
export function statement(name: string, text: string): Statement {
  const words = text.toLowerCase().match(/\b(select|insert|update|delete)\b/);
  return { name, text, kind: kinds.find((kind) => kind === words?.[1]) ?? 'other' };
}

/** Declares a statement whose rows may belong to any tenant. It asks a function that was made for it, or a table of no tenant. */
export const acrossTenants = (name: string, text: string): Statement => ({
  ...statement(name, text),
  acrossTenants: true,
});
