import { decimalNumber, durationSeconds } from '../../rules/files/dialects';
import { RuleError } from '../../rules/errors';

/** Runs a parser of the rules and answers NaN for what it refuses: a bad cell is an ordinary thing here. */
export function orNaN(parse: () => number): number {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RuleError) return Number.NaN;
    throw error;
  }
}

/** `20,0`, `0.5`, `2.000,0` and `2,000.5`: the last mark is the decimal one. NaN for anything else. */
export function numberOf(text: string): number {
  return orNaN(() => decimalNumber(text, text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.'));
}

/** Seconds of `7.5`, `7,5` or `07:30` hours; NaN for anything else. */
export function hoursSeconds(text: string): number {
  return text.includes(':') ? orNaN(() => durationSeconds(text)) : Math.round(numberOf(text) * 3600);
}

/** Minutes of `30`, `30,5`, `0:30` or `0,5`: a fraction below ten is of hours. NaN for anything else and for less than none. */
export function minutesOf(text: string): number {
  const value = text.includes(':') ? orNaN(() => durationSeconds(text)) / 60 : numberOf(text);
  const minutes = value < 10 && !text.includes(':') && !Number.isInteger(value) ? value * 60 : value;
  return minutes >= 0 && minutes <= 1440 ? minutes : Number.NaN;
}
