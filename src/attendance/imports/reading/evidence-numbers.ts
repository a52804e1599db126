const NUMBER = /^\s*(\d{1,3})(?:([.,])(\d+))?\s*$/;

/** A bare number, and whether it could be a time of a clock: two digits below sixty behind a point. */
export interface Numbers {
  readonly value: number;
  readonly isWhole: boolean;
  readonly isClock: boolean;
  readonly hasLeadingZero: boolean;
}

/** A time with the h of its hours, such as `8.30 h`, says as much as one without. */
export const withoutHours = (text: string): string => text.replace(/ *h\s*$/i, '');

/** Undefined for what is no bare number. */
export function numbersOf(text: string): Numbers | undefined {
  const parts = NUMBER.exec(text);
  if (!parts) return undefined;
  const [, whole = '', mark, fraction] = parts;
  return {
    value: Number(`${whole}.${fraction ?? '0'}`),
    isWhole: fraction === undefined,
    isClock: mark === '.' && /^[0-5]\d$/.test(fraction ?? ''),
    hasLeadingZero: /^0\d/.test(whole),
  };
}
