import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problems/problem';

/** What a cursor belongs to. `filters` without `limit`: a caller may change the size of a page, not what is being paged. */
export interface CursorScope {
  readonly tenantId: string;
  readonly route: string;
  readonly filters: Readonly<Record<string, unknown>>;
}

/** Where the next page begins: the values of the ordering columns of the last row. */
type Position = readonly (string | number)[];

/** The order of a keyset list: where it begins, and where a row of it lies. */
export interface Keyset<Row> {
  readonly first: Position;
  readonly positionOf: (row: Row) => Position;
}

/** What lies before and behind all ids. */
export const lowestId = '00000000-0000-0000-0000-000000000000';
export const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Rows in the order of their ids, from the first one on. */
export const byId: Keyset<{ readonly id: string }> = {
  first: [lowestId],
  positionOf: ({ id }) => [id],
};

/** Rows in the order of their names. */
export const byName: Keyset<{ readonly name: string }> = {
  first: [''],
  positionOf: ({ name }) => [name],
};

/** Rows in the order of their ids, the newest first. */
export const newestFirst: Keyset<{ readonly id: string }> = {
  first: [highestId],
  positionOf: byId.positionOf,
};

/** The part of a list that is read: what lies behind `after`, at most `limit` rows. */
export interface PageBounds {
  readonly after: Position;
  readonly limit: number;
}

/** What every list is asked, besides its filters. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<Row> {
  readonly data: readonly Row[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** A page with its rows as the API shows them. */
export function shownPage<Row, Shown>({ data, ...next }: Page<Row>, show: (row: Row) => Shown): Page<Shown> {
  return { data: data.map((row) => show(row)), ...next };
}

/**
 * Opaque cursors for keyset lists. Signed, because a position that a caller makes up is a way to probe for rows; bound to
 * tenant, route and filters, because a position in one list means nothing (or too much) in another.
 */
export class Cursors {
  constructor(private readonly key: Buffer) {}

  /** One page of a list. One row more than is answered is read: its being there is what makes a next page. */
  async page<Row>(
    scope: CursorScope,
    { limit, cursor }: PageQuery,
    { first, positionOf }: Keyset<Row>,
    read: (bounds: PageBounds) => Promise<readonly Row[]>,
  ): Promise<Page<Row>> {
    const after = cursor === undefined ? first : this.decode(scope, cursor);
    const rows = await read({ after, limit: limit + 1 });
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    if (!last || rows.length <= limit) return { data };
    return { data, nextCursor: this.encode(scope, positionOf(last)) };
  }

  encode(scope: CursorScope, position: Position): string {
    const payload = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${payload}.${this.sign(scope, payload)}`;
  }

  /** The position, or a Problem `cursor_invalid` that does not say which of the reasons it was. */
  decode(scope: CursorScope, cursor: string): Position {
    const [payload = '', signature = '', ...rest] = cursor.split('.');
    // Compared as text: base64url has several spellings of the same bytes, and only ours counts.
    const expected = Buffer.from(this.sign(scope, payload));
    const given = Buffer.from(signature);
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw invalid();
    const position: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (!isPosition(position)) throw invalid();
    return position;
  }

  private sign({ tenantId, route, filters }: CursorScope, payload: string): string {
    const given = Object.entries(filters).filter(([, value]) => value !== undefined);
    const bound = JSON.stringify([tenantId, route, given.sort(([a], [b]) => (a < b ? -1 : 1)), payload]);
    return createHmac('sha256', this.key).update(bound).digest('base64url').slice(0, 32);
  }
}

const isPosition = (value: unknown): value is Position =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' || typeof item === 'number');

const invalid = () =>
  new Problem('cursor_invalid', 'The cursor does not belong to this list and these filters. Start again without it.', {
    errors: [{ pointer: '?cursor', code: 'cursor_invalid', detail: 'is not a cursor of this list' }],
  });
