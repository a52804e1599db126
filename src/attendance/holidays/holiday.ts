/** A public holiday, for everybody or for the people of one org unit (a site in another country). */
export interface Holiday {
  readonly id: string;
  /** Local date: it is a holiday for as long as that date lasts on the person's clock. */
  readonly date: string;
  readonly name: string;
  readonly orgUnitId?: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface HolidayRow extends Record<string, unknown> {
  id: string;
  date: string;
  name: string;
  org_unit_id: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export const holidayColumns =
  'h.id, h.work_date::text AS date, h.name, h.org_unit_id, h.version, h.created_at, h.updated_at';

export function holidayOf(row: HolidayRow): Holiday {
  return {
    id: row.id,
    date: row.date,
    name: row.name,
    ...(row.org_unit_id === null ? {} : { orgUnitId: row.org_unit_id }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A holiday as the ledger remembers it. */
export const told = ({ date, name, orgUnitId }: Holiday): Record<string, unknown> => ({ date, name, orgUnitId });
