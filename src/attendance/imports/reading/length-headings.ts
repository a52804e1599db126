import { BREAK_WORDS } from './break-headings';
import { headingWords, words } from './heading-words';
import { timeHeading } from './time-headings';

/** A whole word that says that a cell like `8:30` is a length; `Store` and `Dentist` only end like one. */
const LENGTH =
  /^(?:durat\p{L}*|duree|duracion|tiempo|total\p{L}*|gesamt\p{L}*|summ[ae]?\p{L}{0,2}|sum|\p{L}*(?:dauer|stunden|hours|hrs|overtime)|std|heures|horas|ore|uren|extra|worked|netto|brutto|regular|late|verspat\p{L}*|early|absen\p{L}*|balance|saldo|soll|ist|\p{L}*(?:工时|时长|時間数|時長)\p{L}*)$/u;
/** A time that somebody planned: they say when somebody should have been there, not when somebody was. */
const PLAN =
  /^(?:plan(?!t|e)\p{L}*|planned|geplant\p{L}*|schedul\p{L}*|roster\p{L}*|timetable|expected|soll\p{L}+|previst\p{L}*|prevu\p{L}*|rooster|grafik|\p{L}*(?:予定|排班)\p{L}*)$/u;
/** The beginning and the end of a shift are planned ones where nothing else is said: not `Shift 2 In`, nor `Second shift start`. */
const SHIFT = /^(?:shift|duty|turno|schicht(?:beginn|start|anfang|ende)?|シフト(?:開始|終了|時間|時刻)*|班次)$/;
const BESIDE_SHIFT: ReadonlySet<string> = new Set(
  words('on off of de del start starts end ends begin begins beginn ende anfang inicio fin fim from to time zeit hora'),
);
/** One end of a span, in front or behind: `Overtime In`, `Late out`, `Start regular`, `Ist-Beginn`. */
const EDGES: ReadonlySet<string> = new Set(
  words(`from to von bis ab de da desde hasta until entry exit login logout logon logoff on off begins starts ends return
    back leave inizio fim fine begint`),
);

/** Whether a word of a heading names the beginning or the end of a span. */
export const isEdge = (word: string | undefined) =>
  word !== undefined && (EDGES.has(word) || timeHeading(word) !== undefined);

const saidIn = (found: readonly string[]) =>
  found.filter((word) => !/\p{N}/u.test(word) && !/^(?:time|times|zeit|uhrzeit|hora|heure|ora)$/.test(word));

/** Words beside an end of a span that make a number an amount, or the name of something: `Days off`, `Start balance`, `Entry`. */
const NO_TIME: ReadonlySet<string> = new Set(
  words(`off on leave back entry login logon day days tage dias jours week woche month year jahr date datum balance saldo
    total hours hrs stunden std h min km distance cost costs pay rate amount price count number no nr id code name`),
);

/**
 * Whether a heading names one end of a span, or the next time of several: `Out 4`, `Return from lunch`, `Kommen 3`, `Time 2`. A number in its
 * column is most likely a time.
 */
export function namesEnd(heading: string): boolean {
  const found = headingWords(heading);
  const said = saidIn(found);
  if (said.some((word) => NO_TIME.has(word))) return false;
  return isEdge(said[0]) || isEdge(said.at(-1)) || (said.length === 0 && found.length > 1);
}

/**
 * Whether a heading says that cells like `8:30` are no times at which somebody came or went: lengths, as under `Total` or `Dauer`, or a
 * plan, as under `Shift Start`. Only what is surely one: a column of times that is left out would not be paid.
 */
export function isLengthOrPlan(heading: string): boolean {
  const found = headingWords(heading);
  if (found.some((word) => PLAN.test(word)) || (found.includes('soll') && found.length > 1)) return true;
  if (found.some((word) => SHIFT.test(word)) && found.every((word) => SHIFT.test(word) || BESIDE_SHIFT.has(word)))
    return true;
  const said = saidIn(found);
  if (isEdge(said[0]) || isEdge(said.at(-1)) || said.some((word) => BREAK_WORDS.has(word))) return false;
  return found.some((word) => LENGTH.test(word));
}
