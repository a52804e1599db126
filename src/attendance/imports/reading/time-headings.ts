import { words } from './heading-words';

/** Words for the beginning and the end of work that mean nothing else at the head of a column; accents apart. */
const STARTS = words(`in clockin checkin punchin signin swipein badgein firstin firstpunch arrival arrived start started
  begin kommen kommt beginn dienstbeginn arbeitsbeginn ankunft entrada ingreso llegada inicio chegada arrivee debut entree
  entrata ingresso arrivo aankomst wejscie przyjscie prichod ankomst komme mødt ind inn instampling tulo sisaan
  saapuminen giris erkezes belepes intrare sosire masuk datang приход 出勤 上班 签到 출근`);
const ENDS = words(`out clockout checkout punchout signout swipeout badgeout lastout lastpunch departure departed depart
  end ended stop finish gehen geht ende dienstende arbeitsende dienstschluss salida egreso fin saida termino sortie
  uscita partenza vertrek einde eind wyjscie odchod afgang gaet ud ut utstampling avgang lahto ulos cikis cıkıs tavozas
  kilepes iesire plecare keluar pulang уход 退勤 下班 签退 퇴근`);
/** Words that are of a time only beside one of those below: an `Entry` may be a number, a `Fine` a penalty, a `Login` a name. */
const VAGUE_STARTS = words('entry login logon from inizio vao вход');
const VAGUE_ENDS = words('exit logout logoff to fine fim ra выход');
/** Words beside them that change nothing about what they are; `planned`, `shift` and `date` would. */
const OF_TIME =
  words(`time uhrzeit zeit hora heure ora orario tijd tijdstip tid tidspunkt godzina czas cas aika klo saat
  saati ido idopont jam waktu gio время 时间 時間 時刻 시간 시각`);
const BESIDE = words('at of de d da di del la actual real');

const longestFirst = (list: readonly string[]) => [...list].sort((a, b) => b.length - a.length).join('|');
const around = `(?:${longestFirst([...OF_TIME, ...BESIDE])}){0,3}`;
const timed = `(?:${longestFirst(OF_TIME)})`;

/** Bounded, so that the work for a heading does not grow with what somebody wrote into it. */
const headingOf = (sure: readonly string[], vague: readonly string[]) => {
  const [plain, beside] = [longestFirst(sure), longestFirst([...sure, ...vague])];
  return new RegExp(
    `^(?:${around}(?:${plain})${around}|${timed}${around}(?:${beside})|(?:${beside})${around}${timed})([123])?$`,
    'u',
  );
};
const FORMS = [
  ['in', headingOf(STARTS, VAGUE_STARTS)],
  ['out', headingOf(ENDS, VAGUE_ENDS)],
] as const;
/** The longest of these with three words around it is shorter. */
const LONGEST = 40;

/**
 * Which time of a day a heading names by its key: `intime`, `punchout`, `horadeentrada`, `heuredarrivee`, `出勤時刻`, `clockin2`. Undefined
 * for any other, and for one with a word that may change what it is (`Shift Start`, `Planned In`).
 */
export function timeHeading(key: string): 'in' | 'out' | 'in2' | 'out2' | 'in3' | 'out3' | undefined {
  if (key.length > LONGEST) return undefined;
  for (const [field, form] of FORMS) {
    const found = form.exec(key);
    if (found) return found[1] === '2' || found[1] === '3' ? `${field}${found[1]}` : field;
  }
  return undefined;
}
