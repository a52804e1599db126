const DATE = /^\s*(?:\p{L}+\.?,? +)?(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?=$|[\sT,])/u;

/** What a date in numbers says about the order of day and month; `either` where both are below 13 and differ. */
export interface DateEvidence {
  readonly order: 'dayFirst' | 'monthFirst' | 'either' | 'same' | 'none';
  readonly hasPoints: boolean;
  readonly hasLongYear: boolean;
}

/** Undefined for what is no date in numbers, and for one that begins with its year. */
export function dateEvidence(text: string): DateEvidence | undefined {
  const parts = DATE.exec(text);
  if (!parts || parts[1]?.length === 4) return undefined;
  const [first, second] = [Number(parts[1]), Number(parts[3])];
  const [hasPoints, hasLongYear] = [parts[2] === '.', parts[4]?.length === 4];
  if (first > 12 && second > 12) return { order: 'none', hasPoints, hasLongYear };
  if (first > 12) return { order: 'dayFirst', hasPoints, hasLongYear };
  if (second > 12) return { order: 'monthFirst', hasPoints, hasLongYear };
  return { order: first === second ? 'same' : 'either', hasPoints, hasLongYear };
}

/** Whether a cell in a column of times can hold a date: `08.30.00` is a time there, and only what has one behind it is a date. */
export const isDated = (text: string): boolean => /^\s*(?:\p{L}+\.?,? +)?[\d./-]+[\sT,]+[^\d+-]*\d/u.test(text);
