import type { RowFault } from '../loading/row-fault';

/** All that is wrong with one line. */
export interface LineFaults {
  readonly line: number;
  readonly codes: readonly string[];
  readonly columns: readonly string[];
  readonly details: readonly string[];
}

/** Faults by line; they come in the order of the lines, and a page may end within one. */
export async function* byLine(pages: AsyncIterable<readonly RowFault[]>): AsyncGenerator<LineFaults> {
  let group: RowFault[] = [];
  for await (const page of pages) {
    for (const fault of page) {
      if (group.length > 0 && group[0]?.line !== fault.line) {
        yield together(group);
        group = [];
      }
      group.push(fault);
    }
  }
  if (group.length > 0) yield together(group);
}

function together(faults: readonly RowFault[]): LineFaults {
  const all = (member: 'code' | 'column' | 'detail') =>
    [...new Set(faults.map((fault) => fault[member]))].filter(Boolean);
  return { line: faults[0]?.line ?? 0, codes: all('code'), columns: all('column'), details: all('detail') };
}

export const faultCells = ({ codes, columns, details }: LineFaults, line: number): string[] => [
  codes.join('; '),
  columns.join('; '),
  details.join('; '),
  String(line),
];
