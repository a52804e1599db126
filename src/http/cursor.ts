import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from './problem';

/** What a cursor belongs to. `filters` without `limit`: a caller may change the size of a page, not what is being paged. */
export interface CursorScope {
  readonly tenantId: string;
  readonly route: string;
  readonly filters: Readonly<Record<string, unknown>>;
}

/** Where the next page begins: the values of the ordering columns of the last row. */
export type Position = readonly (string | number)[];

/**
 * Opaque cursors for keyset lists. Signed, because a position that a caller makes up is a way to probe for rows; bound to
 * tenant, route and filters, because a position in one list means nothing (or too much) in another.
 */
export class Cursors {
  constructor(private readonly key: Buffer) {}

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
