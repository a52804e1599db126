import type { Delimiter, ExportFormat } from '../export.schemas';
import type { Column } from './column';

/**
 * How a line of a format is put together in SQL. PostgreSQL makes the lines, because taking a million rows apart in this process and
 * putting them together again takes several times as long. `cell` gives the arguments of concat(), to which a null is nothing.
 */
export interface Encoding {
  readonly begin: string;
  readonly end: string;
  readonly cell: (column: Column, isFirst: boolean) => string;
}

/** A literal of SQL; what we write ourselves, never what somebody sent. */
export const literal = (plain: string): string => `'${plain.replaceAll("'", "''")}'`;

// As FORMULA_START and PLAIN_NUMBER of csv.ts; a test holds the two against each other.
const FORMULA_START = '[-=+@\\t\\r\\n＝＋－＠]';
const PLAIN_NUMBER = '^[+-]?[0-9]+([.,][0-9]+)?$';

/** A text as csvCell() writes it. Most texts are harmless, and one look tells. */
export function csvText(sql: string, delimiter: Delimiter): string {
  const safe = `CASE WHEN ${sql} ~ '^${FORMULA_START}' AND ${sql} !~ '${PLAIN_NUMBER}' THEN '''' || ${sql} ELSE ${sql} END`;
  return `CASE WHEN ${sql} !~ '^${FORMULA_START}|["${delimiter}\\r\\n]' THEN ${sql}
    WHEN ${sql} ~ '["${delimiter}\\r\\n]' THEN '"' || replace(${safe}, '"', '""') || '"' ELSE ${safe} END`;
}

const csv = (delimiter: Delimiter): Encoding => ({
  begin: "''",
  end: "E'\\r\\n'",
  cell: ({ sql, type }, isFirst) =>
    `${isFirst ? "''" : literal(delimiter)}, ${type === 'text' ? csvText(sql, delimiter) : sql}`,
});

const ndjson: Encoding = {
  begin: "'{'",
  end: "E'}\\n'",
  cell: ({ name, sql, type }, isFirst) => {
    const value = type === 'text' ? `to_json(${sql})::text` : type === 'word' ? `'"' || (${sql}) || '"'` : `(${sql})`;
    return `${literal(`${isFirst ? '' : ','}"${name}":`)} || ${value}`;
  },
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

const xlsx: Encoding = {
  begin: "'<row>'",
  end: "'</row>'",
  cell: ({ sql, type }) => {
    if (type === 'number') return `coalesce('<c><v>' || (${sql}) || '</v></c>', '<c/>')`;
    const shown = type === 'text' ? xmlText(sql) : `(${sql})`;
    return `coalesce('<c t="inlineStr"><is><t xml:space="preserve">' || ${shown} || '</t></is></c>', '<c/>')`;
  },
};

export function encodingOf(format: ExportFormat, delimiter: Delimiter): Encoding {
  return format === 'csv' ? csv(delimiter) : format === 'ndjson' ? ndjson : xlsx;
}
