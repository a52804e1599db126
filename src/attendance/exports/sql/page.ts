import { type Statement, statement } from '../../../database/statement';
import type { ExportDelimiter, ExportFormat } from '../export.schemas';
import { type RowEncoding, rowEncodingOf } from './encoding';
import { personColumns, type ExportSource, sources } from './sources';
import { zoneColumns } from './zone';

/** The lines of a page as one text, how many they are, and the place of the last of them. */
export interface PageRow extends Record<string, unknown> {
  readonly n: number;
  readonly lines: string;
  readonly keys: string[];
}

export const firstPerson = '00000000-0000-0000-0000-000000000000';
export const lastPerson = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The rows of one person after the other, each read by one index in its order, from a place on. Parameters: `$1` tenant, `$2` `$3` dates,
 * `$4` the unit of the caller or null, `$5` another unit or null, `$6` the last person, `$7` how many rows, `$8` the person of the place,
 * and behind it the keys of the place.
 *
 * People come in order and the rows of each in theirs; OFFSET 0 keeps the planner from taking the two apart, so a nested loop, which
 * keeps both orders, is the only way to join them. Sorting the whole once more would cost a sixth of the time.
 */
const rowsOf = (source: ExportSource, head: string) => {
  const [first] = source.keys;
  const keys = source.keys.map(({ sql }) => sql).join(', ');
  const place = source.keys.map(({ type }, index) => `$${index + 9}::${type}`);
  return `(SELECT u.id, u.time_zone, ${head} AS head, ${zoneColumns} FROM users u
      WHERE u.tenant_id = $1 AND u.id >= $8::uuid AND u.id <= $6::uuid
        AND ($4::uuid IS NULL OR u.org_unit_id = $4) AND ($5::uuid IS NULL OR u.org_unit_id = $5)
      ORDER BY u.id OFFSET 0) u
    CROSS JOIN LATERAL (SELECT r.*, ${source.computed} FROM ${source.table} r
      WHERE r.tenant_id = $1 AND r.employee_id = u.id AND ${source.filter}
        AND ${first.sql} >= CASE WHEN u.id = $8 THEN greatest(${place[0] ?? ''}, ${source.range[0]}) ELSE ${source.range[0]} END
        AND ${first.sql} < ${source.range[1]}
        AND (u.id <> $8 OR (${keys}) > (${place.join(', ')}))
      ORDER BY ${keys} OFFSET 0) r
    WHERE ${source.refine}`;
};

/** The next lines of an export, in the encoding of its format. */
function pageText(source: ExportSource, encoding: RowEncoding): string {
  const keys = source.keys.map(({ sql }, index) => `${sql} AS k${index}`);
  const last = ['person', ...source.keys.map((_, index) => `k${index}`)].map(
    (key) => `(array_agg(x.${key}))[count(*)]::text`,
  );
  return `SELECT count(*)::int AS n, coalesce(string_agg(x.line, ${encoding.end}) || ${encoding.end}, '') AS lines, ARRAY[${last.join(', ')}] AS keys FROM (
    SELECT ${encoding.line(source.columns)} AS line, u.id AS person, ${keys.join(', ')} FROM ${rowsOf(source, encoding.head(personColumns))}
    LIMIT $7) x`;
}

const known = new Map<string, Statement>();

function remembered(name: string, text: () => string): Statement {
  const made = known.get(name) ?? statement(name, text());
  known.set(name, made);
  return made;
}

export const pageStatement = (
  kind: keyof typeof sources,
  format: ExportFormat,
  delimiter: ExportDelimiter,
): Statement =>
  remembered(`exports.${kind}_${format}${delimiter === ';' ? '_semicolon' : ''}`, () =>
    pageText(sources[kind], rowEncodingOf(format, delimiter)),
  );

/** How many rows there are, up to `$7`. */
export const countOf = (kind: keyof typeof sources): Statement =>
  remembered(
    `exports.${kind}_count`,
    () => `SELECT count(*)::int AS n FROM (SELECT FROM ${rowsOf(sources[kind], `''`)} LIMIT $7) x`,
  );
