import { DRAFT_TYPES, type DraftType, type Mapping } from './mapping';

/** What exports write for a direction where the mapping says nothing else. */
const USUAL: readonly (readonly [DraftType, string])[] = [
  ['in', 'in i c/in check-in checkin check_in clock-in clock_in clockin kommen entrada entrée 上班 签到'],
  ['out', 'out o c/out check-out checkout check_out clock-out clock_out clockout gehen salida sortie 下班 签退'],
  ['break_start', 'break-start breakstart break-out breakout pausenbeginn'],
  ['break_end', 'break-end breakend break-in breakin pausenende'],
];

/** The direction that a text means; `undefined` for one that means none. Upper and lower case are the same. */
export function directionReader(types: Mapping['types']): (text: string) => DraftType | undefined {
  const known = new Map<string, DraftType>();
  for (const type of DRAFT_TYPES) known.set(type, type);
  for (const [type, words] of USUAL) for (const word of words.split(' ')) known.set(word, type);
  for (const [word, type] of Object.entries(types ?? {})) known.set(word.trim().toLowerCase(), type);
  return (text) => known.get(text) ?? known.get(text.toLowerCase());
}
