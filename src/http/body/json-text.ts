import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { jsonPointer, MAX_FAULTS, type Path } from './json-faults';
import { type Fault } from '../problems/problem';

const strict = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** Ends the visit at the first fault: the rest of a broken text does not matter. */
class FirstFault extends Error {
  constructor(
    readonly path: Path,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/**
 * Where and why a text is not JSON, in words for whoever has to repair it. Runs only after JSON.parse has refused the text, and
 * before anybody knows who sent it, so the work grows with the text and with nothing else: the text is read up to its first fault,
 * and one pointer is built, there.
 */
export function syntaxFault(text: string): Fault {
  const { path, reason } = firstFault(text) ?? { path: [], reason: 'it does not end where it should' };
  return { pointer: jsonPointer(path), code: 'malformed_json', detail: `The body is not JSON: ${reason}.` };
}

function firstFault(text: string): FirstFault | undefined {
  let pathNow: () => Path = () => [];
  const into = (_offset: number, _length: number, _line: number, _column: number, path: () => Path) => {
    pathNow = path;
  };
  try {
    visit(
      text,
      {
        onObjectBegin: into,
        onArrayBegin: into,
        onError: (error, _offset, _length, line, column) => {
          throw new FirstFault(pathNow(), `${inWords(error)} at line ${line + 1}, column ${column + 1}`);
        },
      },
      strict,
    );
  } catch (error) {
    if (error instanceof FirstFault) return error;
    // The scanner recurses; an endless "[[[[" is as malformed as anything else and no fault of ours.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

const inWords = (error: ParseErrorCode) =>
  printParseErrorCode(error)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();

/**
 * How many members the text could have: colons that follow a quote. Never too few, because every name ends that way; too
 * many when a string holds such a pair. So when it equals the members of the parsed value, no name was given twice.
 */
export function possibleMembers(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    let before = at - 1;
    while (isSpace(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === 0x22) count++;
  }
  return count;
}

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/**
 * Names that an object gives twice: parsers disagree about which one counts, so what we checked need not be what the next
 * one reads. Slow and exact; asked only when the count above leaves room for one. The text must be valid JSON, not too deep.
 */
export function duplicateNames(text: string): Fault[] {
  const faults: Fault[] = [];
  const open: Set<string>[] = [];
  visit(
    text,
    {
      onObjectBegin: () => void open.push(new Set()),
      onObjectEnd: () => void open.pop(),
      onObjectProperty: (name, _offset, _length, _line, _column, path) => {
        const names = open.at(-1);
        if (names?.has(name) && faults.length < MAX_FAULTS)
          faults.push({
            pointer: jsonPointer([...path(), name]),
            code: 'duplicate_name',
            detail: 'The name is given twice. Remove one.',
          });
        names?.add(name);
      },
    },
    strict,
  );
  return faults;
}
