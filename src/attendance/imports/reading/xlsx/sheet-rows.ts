import { ImportFileError } from '../errors';
import { charactersOf, isBlank, MAX_CELL_LENGTH, MAX_COLUMNS, type Row } from '../row';
import { MAX_ROW_CHARACTERS } from '../source';
import { boundCount } from './bounds';
import { numberText } from './cell-text';
import { columnIndex, MergedRows, mergedCells } from './merged-cells';
import type { Sheet } from './workbook';
import { readXml } from './xml';

const PLAIN = { shows: 'number' } as const;
/** Characters of a formula that stand for its missing value. */
const FORMULA_SHOWN = 200;

/**
 * The rows of a sheet that are not blank, as many at a time as a piece of the part held. `line` is the row number that
 * Excel shows; a formula whose value the file does not hold is itself, such as `=C2+9/24`. Throws too_many_columns, cell_too_long, truncated, workbook_too_large.
 */
export async function* sheetRows(sheet: Sheet, count: (bytes: number) => void): AsyncGenerator<Row[]> {
  const merged = new MergedRows(await mergedCells(sheet));
  let rows: Row[] = [];
  let cells: string[] = [];
  let zeros: number[] = [];
  let line = 0;
  let opened = 0;
  let characters = 0;
  let column = -1;
  let type = 'n';
  let style = 0;
  let text = '';
  let isValue = false;
  let formula: string | null = null;
  let isFormula = false;
  let hasValue = false;
  const finishCell = () => {
    // A program that writes formulas often leaves their values out; only a text may be stored as empty.
    const isUnknown = formula !== null && text === '' && !(type === 'str' && hasValue);
    const value = isUnknown ? `=${formula ?? ''}` : cellText(sheet, type, style, text);
    if (value === '') return;
    if (value.length > MAX_CELL_LENGTH) throw new ImportFileError('cell_too_long', `See row ${line}.`);
    if (column >= MAX_COLUMNS) throw new ImportFileError('too_many_columns', `See row ${line}.`);
    while (cells.length < column) cells.push('');
    cells[column] = value;
    if (formula !== null && type === 'n' && text !== '' && Number(text) === 0) zeros.push(column);
  };
  const finishRow = () => {
    const filled = merged.fill(line, cells);
    const length = charactersOf(cells);
    if (length > MAX_ROW_CHARACTERS) throw new ImportFileError('cell_too_long', `All of row ${line} is too long.`);
    boundCount('characters', (characters += length));
    rows.push({ line, cells, ...(filled.length > 0 ? { filled } : {}), ...(zeros.length > 0 ? { zeros } : {}) });
  };
  const bytes = readXml(await sheet.open(), {
    open: (name, attributes) => {
      if (name === 'v' || name === 't') {
        isValue = true;
        hasValue = true;
      } else if (name === 'f') {
        isFormula = true;
        formula = '';
      } else if (name === 'c') {
        column = attributes.r === undefined ? column + 1 : columnIndex(attributes.r);
        type = attributes.t ?? 'n';
        style = Number(attributes.s ?? 0);
        text = '';
        formula = null;
        hasValue = false;
      } else if (name === 'row') {
        line = rowNumber(attributes.r, line + 1);
        boundCount('rows', Math.max(line, (opened += 1)));
        column = -1;
        cells = [];
        zeros = [];
      }
    },
    text: (piece) => {
      if (isValue && text.length <= MAX_CELL_LENGTH) text += piece;
      else if (isFormula && formula !== null && formula.length < FORMULA_SHOWN)
        formula += piece.slice(0, FORMULA_SHOWN);
    },
    close: (name) => {
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'f') isFormula = false;
      else if (name === 'c') finishCell();
      else if (name === 'row' && !isBlank(cells)) finishRow();
    },
  });
  for await (const piece of bytes) {
    count(piece);
    if (rows.length > 0) yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** A row is where it says, unless it says nothing, or what would be behind us: then it is the next one. */
function rowNumber(written: string | undefined, next: number): number {
  const number = Number(written);
  return Number.isInteger(number) && number >= next ? number : next;
}

function cellText(sheet: Sheet, type: string, style: number, text: string): string {
  if (type === 's') return sheet.sharedTexts[Number(text)] ?? '';
  if (type === 'b') return text === '1' ? 'true' : 'false';
  if (type !== 'n' || text === '') return text;
  return numberText(text, sheet.formats[style] ?? PLAIN, sheet.epochDays);
}
