import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Keyset, lowestId, type PageBounds } from '../../http/paging/cursor';
import { always } from './fields';

/** Rows in the order of their dates, and on one date in that of their ids. */
export const byDate: Keyset<{ readonly date: string; readonly id: string }> = {
  first: ['-infinity', lowestId],
  positionOf: ({ date, id }) => [date, id],
};

/** Which rows of a list by date are wanted. */
interface DatedFilters {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The rows of one page of a list by date; `date` is the property that holds it. */
export function datedPage<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  date: string,
  { from = always.from, to = always.to }: DatedFilters,
  { after: [afterDate, afterId], limit }: PageBounds,
): SelectQueryBuilder<E> {
  const { alias } = query;
  const [day, id] = [`${alias}.${date}`, `${alias}.id`] as const;
  return query
    .andWhere(`${day} BETWEEN :from AND :to AND (${day}, ${id}) > (:afterDate, :afterId)`, {
      from,
      to,
      afterDate,
      afterId,
    })
    .orderBy(day)
    .addOrderBy(id)
    .limit(limit);
}

/** The rows of what applies in an org unit, where one is named: its own, and those for everybody. */
export function applyingIn<E extends ObjectLiteral>(query: SelectQueryBuilder<E>, orgUnitId: string | undefined) {
  if (orgUnitId === undefined) return query;
  return query.andWhere(`(${query.alias}.orgUnitId = :orgUnitId OR ${query.alias}.orgUnitId IS NULL)`, { orgUnitId });
}
