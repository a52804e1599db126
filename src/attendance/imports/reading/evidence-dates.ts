const DATE = /^\s*(?:\p{L}+\.?,? +)?(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?=$|[\sT,])/u;

/** What a date in numbers says about the order of day and month; `either` where both are below 13 and differ. */
export interface DateEvidence {
  readonly order: 'dayFirst' | 'monthFirst' | 'either' | 'same' | 'none';
  readonly hasPoints: boolean;
}

/** Undefined for what is no date in numbers, and for one that begins with its year. */
export function dateEvidence(text: string): DateEvidence | undefined {
  const parts = DATE.exec(text);
  if (!parts || parts[1]?.length === 4) return undefined;
  const [first, second] = [Number(parts[1]), Number(parts[3])];
  const hasPoints = parts[2] === '.';
  if (first > 12 && second > 12) return { order: 'none', hasPoints };
  if (first > 12) return { order: 'dayFirst', hasPoints };
  if (second > 12) return { order: 'monthFirst', hasPoints };
  return { order: first === second ? 'same' : 'either', hasPoints };
}

/** The same of a cell in a column of times, where `08.30.00` is a time and only what has a time behind it can be a date. */
export const stampEvidence = (text: string): DateEvidence | undefined =>
  /^\s*(?:\p{L}+\.?,? +)?[\d./-]+[\sT,]+[^\d+-]*\d/u.test(text) ? dateEvidence(text) : undefined;
