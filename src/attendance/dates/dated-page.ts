import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Keyset, lowestId, type PageBounds } from '../../http/paging/cursor';
import { always } from './fields';

/** Rows in the order of their dates, and on one date in that of their ids. */
export const byDate: Keyset<{ readonly date: string; readonly id: string }> = {
  first: ['-infinity', lowestId],
  positionOf: ({ date, id }) => [date, id],
};

/** Which rows of a list by date are wanted; `orgUnitId` stands for what applies there: its own and what is for everybody. */
interface DatedFilters {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly orgUnitId?: string | undefined;
}

/** The rows of one page of a list by date; `date` is the property that holds it. */
export function datedPage<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  date: string,
  { from = always.from, to = always.to, orgUnitId }: DatedFilters,
  { after: [afterDate, afterId], limit }: PageBounds,
): SelectQueryBuilder<E> {
  const { alias } = query;
  const [day, id, unit] = [`${alias}.${date}`, `${alias}.id`, `${alias}.orgUnitId`] as const;
  return query
    .andWhere(`${day} BETWEEN :from AND :to AND (${day}, ${id}) > (:afterDate, :afterId)`, {
      from,
      to,
      afterDate,
      afterId,
    })
    .andWhere(`(CAST(:unit AS uuid) IS NULL OR ${unit} = :unit OR ${unit} IS NULL)`, { unit: orgUnitId ?? null })
    .orderBy(day)
    .addOrderBy(id)
    .limit(limit);
}
