import { withoutAccents, words } from './heading-words';
import type { BreakUnit } from './numbers';

const HOURS = words(`h hr hrs hour hours std stdn stunde stunden hora horas heure heures ora ore uur uren timer timmar
  godz godziny час часы часов 小时 小時`);
const MINUTES = words(`min mins minute minutes minuten minuto minutos minuti minuut minuter minutter minut minuty мин
  минут минуты 分 分钟 分鐘 분`);
/** What breaks are called. */
export const BREAK_WORDS: ReadonlySet<string> = new Set(
  words(`break lunch lunchbreak meal mealbreak mealtime restbreak restperiod resttime pause pausen
  mittag mittags mittagspause ruhepause pausa pauze paus rast lunchpaus lunchrast descanso
  almuerzo comida refrigerio dejeuner pranzo intervalo almoco przerwa przerwy przestavka tauko ruokatauko mola szunet
  перерыв обед перерва 休息 休憩 午休 휴게 휴식 휴게시간`),
);
/** Words beside it that change nothing about what it is; `paid`, `start` and `number` would. */
export const BREAKS_BESIDE =
  words(`unpaid unbezahlt unbezahlte gesetzliche total gesamt summe sum length duration dauer lange zeit
  zeiten time times temps duree durata durada tiempo duracion tempo tijd duur czas de du del da di la le of der 时间 時間
  时长 時長 시간 taken deducted deduction abzug hhmm hmm hhmmss s`);
/** `Pause in Minuten`, and not `Lunch In`. */
const IN: ReadonlySet<string> = new Set(['in', 'en']);

const units: ReadonlyMap<string, BreakUnit> = new Map([
  ...HOURS.map((word) => [word, 'hours'] as const),
  ...MINUTES.map((word) => [word, 'minutes'] as const),
]);
/** The next word from the place where the last one ends, the longest that fits: linear in the length of a heading. */
const WORD = new RegExp(
  [...units.keys(), ...BREAK_WORDS, ...BREAKS_BESIDE, ...IN].sort((a, b) => b.length - a.length).join('|'),
  'gy',
);

/**
 * Whether a heading is that of the length of a break, and in which unit: `Break (min)`, `breakHours`, `Mittagspause`, `Temps de pause`,
 * `休憩時間`. Undefined for any other heading, and for one with a word that may change what it is (`Paid break`, `Break start`).
 */
export function breakHeading(heading: string): { readonly unit: BreakUnit | undefined } | undefined {
  const key = withoutAccents(heading)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');
  const found = key.match(WORD) ?? [];
  if (found.join('') !== key || !found.some((word) => BREAK_WORDS.has(word))) return undefined;
  if (found.some((word, at) => IN.has(word) && !units.has(found[at + 1] ?? ''))) return undefined;
  const named = new Set(found.flatMap((word) => units.get(word) ?? []));
  return { unit: named.size === 1 ? [...named][0] : undefined };
}
