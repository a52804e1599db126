import type { Row } from '../imports/reading/row';

/** Events of the push protocol for access control that are a person passing: verified by whatever means, and let through. */
const passes = new Set('0 1 2 3 14 15 16 17 18 19 203'.split(' '));
const TIME = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}$/;
const DAY_S = 86_400;

/** Whether a line is written as `key=value`, like those of access control firmware (`rtlog`, `transaction`), and not in columns. */
export const isAccessLine = (text: string): boolean => /^(?:\w+ +)?\w+=/.test(text);

/** Whether a line says that it is of nobody: a door that opens and a sensor that trips are nobody's punches. */
export function namesNobody(text: string): boolean {
  if (!isAccessLine(text)) return false;
  const fields = fieldsOf(text);
  const [pin, card = ''] = [fields.get('pin'), fields.get('cardno')];
  return pin !== undefined && /^0*$/.test(pin) && /^0*$/.test(card);
}

/** A line that can be no punch, and why. */
interface NoPunch {
  readonly reason: 'not_a_punch';
  readonly detail: string;
}

/**
 * A line of access control as cells in the order of TERMINAL_COLUMNS, or why it is none. `inoutstatus` is 0 on the way in and 1 on the way
 * out; a reader that does not say which is a state of 255. What was denied, and what a door did by itself, is no punch.
 */
export function accessRow(text: string, line: number): Row | NoPunch {
  const fields = fieldsOf(text);
  const event = fields.get('event') ?? fields.get('eventtype') ?? '0';
  if (!passes.has(event))
    return {
      reason: 'not_a_punch',
      detail: `Event ${event.slice(0, 20)} of the terminal is nobody's coming or going.`,
    };
  const pin = fields.get('pin') ?? '';
  const time = timeOf(fields.get('time') ?? fields.get('time_second') ?? '');
  if (/^0*$/.test(pin) || time === undefined)
    return { line, cells: [text.slice(0, 200)], fault: 'a line of access control needs pin= and time=' };
  const way = fields.get('inoutstatus') ?? fields.get('inoutstate') ?? '';
  const verified = fields.get('verifytype') ?? fields.get('verified') ?? '0';
  return { line, cells: [pin, time, '', way === '0' || way === '1' ? way : '255', verified, ''] };
}

/** Names in lower case; of one that stands there twice, the first. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const part of text.replace(/^\w+ +(?=\w+=)/, '').split('\t')) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim().toLowerCase();
    if (at > 0 && !fields.has(name)) fields.set(name, part.slice(at + 1).trim());
  }
  return fields;
}

/** As written, or from the number that such firmware makes of a local time: every month has 31 days, the first year is 2000. */
function timeOf(text: string): string | undefined {
  if (TIME.test(text)) return text.replace(' ', 'T');
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const days = Math.floor(Number(text) / DAY_S);
  const date = [2000 + Math.floor(days / 372), (Math.floor(days / 31) % 12) + 1, (days % 31) + 1];
  const rest = Number(text) % DAY_S;
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.map(two).join('-')}T${clock.map(two).join(':')}`;
}

/** The same number of an instant, by UTC: how such firmware gets the time. */
export function accessTime(now: Date): number {
  const days = (now.getUTCFullYear() - 2000) * 372 + now.getUTCMonth() * 31 + now.getUTCDate() - 1;
  return days * DAY_S + now.getUTCHours() * 3600 + now.getUTCMinutes() * 60 + now.getUTCSeconds();
}
