import { formatDate, SECONDS_PER_DAY } from '../../../rules/time/calendar';
import { formatTime } from '../../../rules/time/local-time';
import type { CellFormat } from './cell-formats';

/**
 * A stored number as the text that the rest of the reader understands: ISO dates, `07:30:00`, `001234`. Excel stores
 * times as fractions of a day with rounding errors, so they are taken to the nearest second.
 */
export function numberText(stored: string, format: CellFormat, epochDays: number): string {
  const value = Number(stored);
  if (format.shows === 'number' || !Number.isFinite(value) || value < 0) return plainNumber(stored, value);
  if (format.shows === 'zeros') return String(Math.round(value)).padStart(format.digits, '0');
  const seconds = Math.round(value * SECONDS_PER_DAY);
  if (format.shows === 'duration') return durationText(seconds);
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const inDay = seconds % SECONDS_PER_DAY;
  // A time alone is stored on day 0, which is no date anybody means; `=A1+8/24` behind a night is shown as a time and stored on day 1.
  if (days === 0) return formatTime(inDay, true);
  if (days === 1 && format.shows === 'time') return `${formatTime(inDay, true)} +1`;
  const date = formatDate(days + epochDays);
  return inDay === 0 && format.shows === 'date' ? date : `${date}T${formatTime(inDay, true)}`;
}

/** `1E5` and `46027.312500000002` are how numbers are stored, not how anybody wrote them. */
function plainNumber(stored: string, value: number): string {
  return /^-?\d{1,15}$/.test(stored) || !Number.isFinite(value) ? stored : String(Number(value.toPrecision(15)));
}

function durationText(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${two(hours)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}
