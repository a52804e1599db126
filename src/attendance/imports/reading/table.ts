import { isKnownHeading } from './columns';
import { isBlank, type Row } from './row';

/** The headings and the rows below them. */
interface Table {
  readonly header: Row | null;
  readonly rows: readonly Row[];
}

/**
 * Finds the header among the first rows. Titles, dates of the export and the like may stand above it, so the first row
 * with two headings that are known wins; failing that, the first row as wide as most of the table in which every cell
 * is filled and none looks like a value.
 */
export function findTable(rows: readonly Row[]): Table {
  const known = rows.findIndex(({ cells }) => cells.filter(isKnownHeading).length >= 2);
  const index = known >= 0 ? known : rows.findIndex((row) => couldBeHeader(row, commonWidth(rows)));
  if (index < 0) return { header: null, rows: rows.filter((row) => !isBlank(row.cells)) };
  return { header: rows[index] ?? null, rows: rows.slice(index + 1).filter((row) => !isBlank(row.cells)) };
}

/** The number of columns that most rows have. */
export function commonWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) if (!isBlank(cells)) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [most] = [...counts].sort(([widthA, a], [widthB, b]) => b - a || widthB - widthA);
  return most?.[0] ?? 0;
}

function couldBeHeader({ cells }: Row, width: number): boolean {
  return cells.length === width && width > 1 && cells.every((cell) => cell.trim() !== '' && !/^\s*[-+]?\d/.test(cell));
}
