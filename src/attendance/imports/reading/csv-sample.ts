import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { DELIMITERS, type Delimiter } from './detected';
import { ImportFileError } from './errors';
import { breaksWithin, isBlank, type Row } from './row';
import { commonWidth } from './table';

const SAMPLE_ROWS = 200;
const records = z.array(z.array(z.string()));

/** The first rows of a text cut up at `delimiter`. Throws too_many_columns, cell_too_long. */
export function sampleRows(text: string, delimiter: Delimiter): Row[] {
  const lineOf = { next: 1 };
  return parseSample(text, delimiter).map((cells) => {
    const line = lineOf.next;
    lineOf.next += 1 + breaksWithin(cells, line);
    return { line, cells };
  });
}

function parseSample(text: string, delimiter: Delimiter): string[][] {
  const parsed: unknown = parse(text, {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    to: SAMPLE_ROWS,
  });
  return records.parse(parsed);
}

/**
 * The delimiter under which most rows have one width above 1, the wider of two equally regular ones: prose has commas
 * too, but not the same number in every line. `null` where none cuts anything.
 */
export function guessDelimiter(text: string): Delimiter | null {
  const announced = /^sep=([,;\t|])\r?\n/i.exec(text)?.[1];
  const named = DELIMITERS.find((delimiter) => delimiter === announced);
  if (named) return named;
  let best: { delimiter: Delimiter; score: number; width: number } | null = null;
  for (const delimiter of DELIMITERS) {
    if (!text.includes(delimiter)) continue;
    const { width, score } = regularity(text, delimiter);
    if (width > 1 && (!best || score > best.score + 0.1 || (score >= best.score && width > best.width))) {
      best = { delimiter, score, width };
    }
  }
  return best?.delimiter ?? null;
}

function regularity(text: string, delimiter: Delimiter): { width: number; score: number } {
  try {
    const rows = sampleRows(text, delimiter).filter((row) => !isBlank(row.cells));
    const width = commonWidth(rows);
    return { width, score: rows.filter(({ cells }) => cells.length === width).length / Math.max(1, rows.length) };
  } catch (error) {
    // A faulty row is a reason to refuse only under the delimiter that is right; with no other left it is found again.
    if (error instanceof ImportFileError) return { width: Number.MAX_SAFE_INTEGER, score: 0.01 };
    throw error;
  }
}
