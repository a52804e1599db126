import { BREAK_WORDS, breakHeading } from './break-headings';
import { CellColumns } from './cell-columns';
import { headingWords } from './heading-words';
import { isEdge } from './length-headings';
import { breakSeconds } from './numbers';

/** A column whose cells are lengths of breaks: `lengths` of the `of` that are filled. */
export interface BreakColumn {
  readonly column: string;
  readonly lengths: number;
  readonly of: number;
}

/** `Kaffeepause`, `Pausenabzug`, `午前休憩`. */
const IN_A_WORD = /^(?:pause|break|lunch|mittag)|(?:pausen?|breaks?|lunch)$|休息|休憩|午休|휴게|휴식/u;
/** What is not deducted, and what is counted or paid and not measured. */
const NO_LENGTH =
  /^(?:paid|bezahlt\p{L}*|number|count|anzahl|no|nr|id|code|type|typ|name|flag|cost|costs|price|amount|allowance|voucher|fee|kosten|betrag|zuschuss|remark|note|notes|taken)$|天|日|次数|回数/u;

/** Whether a heading is that of a break, whatever else it says: `Break 2`, `Pause Vormittag`, `Coffee break`. */
function isOfBreak(heading: string): boolean {
  if (breakHeading(heading) !== undefined) return true;
  const found = headingWords(heading).filter((word) => !/^\p{N}+$/u.test(word));
  if (found.some((word) => NO_LENGTH.test(word)) || isEdge(found[0]) || isEdge(found.at(-1))) return false;
  return found.some((word) => BREAK_WORDS.has(word) || IN_A_WORD.test(word));
}

/** Looks for the columns of lengths of breaks, of which a mapping reads one; not for those in which nobody had a break. */
export const lookForBreaks = (columns: readonly string[]): CellColumns =>
  new CellColumns(columns, (heading) => (isOfBreak(heading) ? { judge: breakKind } : undefined));

function breakKind(text: string): 'alike' | 'blank' | 'other' {
  const seconds = breakSeconds(text);
  if (Number.isNaN(seconds)) return 'other';
  return seconds > 0 ? 'alike' : 'blank';
}

/** The columns of lengths of breaks that were found. */
export const breaksIn = (columns: CellColumns): BreakColumn[] =>
  columns.found().map(({ column, alike, of }) => ({ column, lengths: alike, of }));
