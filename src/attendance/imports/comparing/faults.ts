import { formatDate, type DayNumber } from '../../rules/time/calendar';
import type { KnownPerson } from '../loading/people-index';
import { REMEDY, type Wrong } from '../loading/row-fault';
import type { KnownPunch } from './compare-day';

/** A recorded day that differs from the rows, in mode `skip`. */
export function dayDiffers(day: DayNumber, person: KnownPerson, recorded: readonly KnownPunch[]): Wrong {
  return {
    column: 'date',
    value: formatDate(day),
    code: 'day_differs',
    detail: `${shown(day, person, recorded)}; ${REMEDY}`,
  };
}

/** Why an import may not replace a day, or undefined if it may. */
export function overrideRefusal(
  { person, day }: { readonly person: KnownPerson; readonly day: DayNumber },
  extra: readonly KnownPunch[],
  isClosed: boolean,
): Wrong | undefined {
  const fault = { column: 'date', value: formatDate(day) };
  if (person.isImporter) {
    const detail =
      'nobody replaces punches of their own; have another administrator import this row, or ask for a correction';
    return { ...fault, code: 'self_approval', detail };
  }
  if (extra.some(({ status }) => status === 'accepted')) {
    const detail =
      'a punch of this date was accepted from quarantine and has become an adjustment; book the difference as another one';
    return { ...fault, code: 'punch_accepted', detail };
  }
  if (isClosed) {
    const detail =
      'this date lies in a closed pay period and stays as it was paid; book an adjustment, or have the period reopened';
    return { ...fault, code: 'period_closed', detail };
  }
  if (extra.some(({ status }) => status === 'quarantined')) {
    const detail = 'a punch of this date waits in quarantine; decide about it, and import the row again';
    return { ...fault, code: 'punch_quarantined', detail };
  }
  return undefined;
}

function shown(day: DayNumber, { employee: { zone } }: KnownPerson, recorded: readonly KnownPunch[]): string {
  const punches = recorded.map(({ type, at }) => {
    const local = zone.localText(at);
    return `${type} ${zone.dayOf(at) === day ? local.slice(11) : local.replace('T', ' ')}`;
  });
  return `this day has ${punches.join(', ')}`;
}
