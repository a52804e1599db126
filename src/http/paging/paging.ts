import { z } from 'zod';

/** The two parameters of every list that is paged by keyset. */
export const pageSize = z.coerce.number().int().min(1).max(200).default(50);
export const cursor = z.string().max(2000).optional().describe('nextCursor of the page before');

/** A search text. An empty search box sends `q=`, which is no filter. */
export const searched = z
  .string()
  .trim()
  .max(100)
  .transform((text) => (text === '' ? undefined : text));

/** Beside `limit`, for the lists whose clients call it so; see `oneLimit`. */
export const otherLimit = pageSize.unwrap().optional().describe('another name for limit');

/** The query with one limit, by whichever name it was sent. */
export function oneLimit<Query extends { limit: number; pageSize?: number | undefined }>({
  pageSize: size,
  ...query
}: Query) {
  return { ...query, limit: size ?? query.limit };
}
