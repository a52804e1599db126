/** `text` comes from people and may hold anything; `word` is ours and needs no quoting: ids, codes, dates, times. */
type ColumnType = 'text' | 'word' | 'number';

/** A column of an export: its heading, and the SQL of its value. Null is an empty cell, and absent in JSON. */
export interface Column {
  readonly name: string;
  readonly sql: string;
  readonly type: ColumnType;
  /** Never null, by a constraint or by itself: only then may it be left without a guard. */
  readonly isSure?: true;
}

export const text = (name: string, sql: string): Column => ({ name, sql, type: 'text' });
export const word = (name: string, sql: string): Column => ({ name, sql, type: 'word' });
export const number = (name: string, sql: string): Column => ({ name, sql, type: 'number' });

/** A column that is never null. */
export const sure = (column: Column): Column => ({ ...column, isSure: true });

/** Seconds as whole minutes, cut off here and nowhere before. */
export const minutes = (name: string, sql: string): Column => number(name, `floor(${sql} / 60.0)::bigint`);

/** The minutes that `minutesThatAddUp` of the rules gives to column `index` of these columns of seconds, in SQL. */
export function sharedMinutes(name: string, parts: readonly string[], index: number): Column {
  const own = parts[index] ?? '0';
  const before = parts.flatMap((part, place) => {
    if (place === index) return [];
    return [`(${part} % 60 ${place < index ? '>=' : '>'} ${own} % 60)::int`];
  });
  const left = `(${parts.map((part) => `${part} % 60`).join(' + ')}) / 60`;
  return number(name, `${own} / 60 + (${before.join(' + ')} < ${left})::int`);
}

/** A timestamptz as RFC 3339 in UTC. Not to_char: that takes four times as long. */
export const utc = (name: string, sql: string): Column =>
  word(name, `replace((${sql} AT TIME ZONE 'UTC')::text, ' ', 'T') || 'Z'`);
