import { BREAK_WORDS, BREAKS_BESIDE } from './break-headings';
import { words } from './heading-words';

const STARTS = words(`start started starts begin begins beginn begint debut inicio inizio started leave leaves beginning
  alku rozpoczecie poczatek zacatek baslangic mulai начало 开始 開始 시작`);
const ENDS = words(`end ended ends ende einde eind finish finished fin fim fine stop slut return returned returns back
  regreso retorno rientro retour vuelta volta zuruck ruckkehr terug resume resumed koniec konec loppu bitis selesai konets
  конец 结束 結束 終了 종료`);
/** Of somebody who goes out to lunch, or comes in from it; and, in some files, of a break that one clocks into. */
const OUTS = words('out clockout punchout checkout salida saida sortie uscita ut ud uit gehen');
const INS = words('in clockin punchin checkin entrada ingreso entree entrata ind inn kommen');
/** They say which end it is where nothing else does: `Pause von`, and not `Back from lunch`. */
const FROM = words('von from da ab desde');
const TO = words('bis to until hasta tot');
const BESIDE = words('comer a al o para for the zum zur der do dos das pour a 1');

const kinds: ReadonlyMap<string, 'start' | 'end' | 'out' | 'in' | 'from' | 'to'> = new Map([
  ...STARTS.map((word) => [word, 'start'] as const),
  ...ENDS.map((word) => [word, 'end'] as const),
  ...OUTS.map((word) => [word, 'out'] as const),
  ...INS.map((word) => [word, 'in'] as const),
  ...FROM.map((word) => [word, 'from'] as const),
  ...TO.map((word) => [word, 'to'] as const),
]);
const breaks: ReadonlySet<string> = new Set([...BREAK_WORDS, 'comer']);
/** The next word from the place where the last one ends, the longest that fits: linear in the length of a heading. */
const WORD = new RegExp(
  [...kinds.keys(), ...breaks, ...BREAKS_BESIDE, ...BESIDE].sort((a, b) => b.length - a.length).join('|'),
  'gy',
);

/** Which end of a break a heading names by its key: `lunchout`, `pausevon`, `mealstart`, `regresoalmuerzo`. */
function edgeOf(key: string): 'start' | 'end' | 'out' | 'in' | undefined {
  const found = key.match(WORD) ?? [];
  if (found.join('') !== key || !found.some((word) => breaks.has(word))) return undefined;
  const named = new Set(found.flatMap((word) => kinds.get(word) ?? []));
  for (const [kind, meaning] of [
    ['start', 'start'],
    ['end', 'end'],
    ['out', 'out'],
    ['in', 'in'],
    ['from', 'start'],
    ['to', 'end'],
  ] as const)
    if (named.has(kind)) return meaning;
  return undefined;
}

export const isBreakTimeHeading = (key: string): boolean => edgeOf(key) !== undefined;

/**
 * The columns of the two ends of a break among headings with their keys, in the order of the file. Of `Lunch Out` and `Lunch In` the
 * one that stands first is the start: who goes out to lunch and who clocks into it both do that first.
 */
export function breakTimes(keyed: readonly (readonly [key: string, column: string])[]): {
  readonly breakStart?: string;
  readonly breakEnd?: string;
} {
  const edges = keyed.map(([key, column]) => ({ edge: edgeOf(key), column }));
  const first = (wanted: string) => edges.findIndex(({ edge }) => edge === wanted);
  const [out, back] = [first('out'), first('in')];
  const isTurned = out >= 0 && back >= 0 && back < out;
  const nameOf = (...places: readonly number[]) => edges[places.find((place) => place >= 0) ?? -1]?.column;
  const breakStart = nameOf(first('start'), isTurned ? back : out);
  const breakEnd = nameOf(first('end'), isTurned ? out : back);
  // One alone may be anything: `Lunch In` with a 1 in its cells is a mark.
  return breakStart === undefined || breakEnd === undefined ? {} : { breakStart, breakEnd };
}
