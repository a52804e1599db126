import type { ExportDelimiter, ExportFormat } from '../export.schemas';
import type { Column } from './column';

/**
 * How a line of a format is put together in SQL. PostgreSQL makes the lines, because taking a million rows apart in this process and
 * putting them together again takes several times as long.
 */
export interface RowEncoding {
  /** The beginning of a line: the first columns, the same for all rows of a person. */
  readonly head: (columns: readonly Column[]) => string;
  /** A line but for its end; its beginning is called `u.head`. */
  readonly line: (columns: readonly Column[]) => string;
  readonly end: string;
}

/** A literal of SQL; what we write ourselves, never what somebody sent. */
export const literal = (plain: string): string => `'${plain.replaceAll("'", "''")}'`;

// As FORMULA_START and PLAIN_NUMBER of csv.ts; a test holds the two against each other.
const FORMULA_START = '[-=+@\\t\\r\\n＝＋－＠]';
const PLAIN_NUMBER = '^[+-]?[0-9]+([.,][0-9]+)?$';

/** A text as csvCell() writes it. One test finds that most texts need no quoting. */
export function csvText(sql: string, delimiter: ExportDelimiter): string {
  const safe = `CASE WHEN ${sql} ~ '^${FORMULA_START}' AND ${sql} !~ '${PLAIN_NUMBER}' THEN '''' || ${sql} ELSE ${sql} END`;
  return `CASE WHEN ${sql} !~ '^${FORMULA_START}|["${delimiter}\\r\\n]' THEN ${sql}
    WHEN ${sql} ~ '["${delimiter}\\r\\n]' THEN '"' || replace(${safe}, '"', '""') || '"' ELSE ${safe} END`;
}

function csv(delimiter: ExportDelimiter): RowEncoding {
  const cell = ({ sql, type, isSure }: Column) => {
    const written = type === 'text' ? csvText(sql, delimiter) : sql;
    return isSure ? written : `coalesce((${written})::text, '')`; // concat_ws leaves out a null together with its delimiter
  };
  const joined = (cells: readonly string[]) => `concat_ws(${literal(delimiter)}, ${cells.join(', ')})`;
  return {
    head: (columns) => joined(columns.map(cell)),
    line: (columns) => joined(['u.head', ...columns.map(cell)]),
    end: "E'\\r\\n'",
  };
}

/** For formats in which a null is nothing at all. */
const joined = (parts: readonly string[]) => `concat(${parts.join(', ')})`;

function member({ name, sql, type }: Column): string {
  const value = type === 'text' ? `to_json(${sql})::text` : type === 'word' ? `'"' || (${sql}) || '"'` : `(${sql})`;
  return `${literal(`,"${name}":`)} || ${value}`;
}

/** The first column is never null, so every other one begins with a comma. */
const ndjson: RowEncoding = {
  head: ([first, ...rest]) => joined(["'{'", ...(first ? [`substr(${member(first)}, 2)`] : []), ...rest.map(member)]),
  line: (columns) => joined(['u.head', ...columns.map(member)]),
  end: "E'}\\n'",
};

/** Longest text of a cell in a workbook. */
const LONGEST = 32_767;
/** What no XML may hold. */
const FORBIDDEN = '[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]';

/** A text as XML. `_x0041_` is how a workbook writes a character by its number, so one that somebody typed is taken apart. */
function xmlText(sql: string): string {
  const escaped = `replace(replace(replace(replace(left(${sql}, ${LONGEST}), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), E'\\r', '&#13;')`;
  const whole = `regexp_replace(regexp_replace(${escaped}, '${FORBIDDEN}', '', 'g'), '_(x[0-9A-Fa-f]{4}_)', '_x005F_\\1', 'g')`;
  return `CASE WHEN ${sql} !~ '[&<>_\\r]|${FORBIDDEN}' AND length(${sql}) <= ${LONGEST} THEN ${sql} ELSE ${whole} END`;
}

function sheetCell({ sql, type }: Column): string {
  if (type === 'number') return `coalesce('<c><v>' || (${sql}) || '</v></c>', '<c/>')`;
  const shown = type === 'text' ? xmlText(sql) : `(${sql})`;
  const space = type === 'text' ? ' xml:space="preserve"' : '';
  return `coalesce('<c t="inlineStr"><is><t${space}>' || ${shown} || '</t></is></c>', '<c/>')`;
}

const xlsx: RowEncoding = {
  head: (columns) => joined(["'<row>'", ...columns.map(sheetCell)]),
  line: (columns) => joined(['u.head', ...columns.map(sheetCell)]),
  end: "'</row>'",
};

export function rowEncodingOf(format: ExportFormat, delimiter: ExportDelimiter): RowEncoding {
  return format === 'csv' ? csv(delimiter) : format === 'ndjson' ? ndjson : xlsx;
}
