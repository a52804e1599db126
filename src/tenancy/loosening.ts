import type { StandardQuotas } from './tenant-quotas';
import type { TenantSettings } from './tenant-settings';

/** The settings that bind whoever wants hours, or more of the server than others, administrators included. */
export type Binding = Pick<TenantSettings, 'fourEyes' | 'lookBackHours' | 'beyondLookBack' | 'quotas'>;

/** A setting that would bind less than before, as a JSON pointer, and what it must be to bind as much. */
interface Loosening {
  readonly pointer: string;
  readonly bound: string;
}

/** Which of the binding settings would bind less: a rule switched off, an older punch taken, held instead of refused, a quota raised. */
export function looseningOf(before: Binding, after: Binding, standard: StandardQuotas): Loosening[] {
  const rules = (['ownPunches', 'ownPayroll'] as const)
    .filter((rule) => before.fourEyes[rule] && !after.fourEyes[rule])
    .map((rule) => ({ pointer: `/fourEyes/${rule}`, bound: 'true' }));
  const sources = Object.keys(before.lookBackHours) as (keyof Binding['lookBackHours'])[];
  const limits = sources
    .filter((source) => hoursOf(after.lookBackHours[source]) > hoursOf(before.lookBackHours[source]))
    .map((source) => ({
      pointer: `/lookBackHours/${source}`,
      bound: `${String(before.lookBackHours[source])} or less`,
    }));
  const held = before.beyondLookBack === 'refuse' && after.beyondLookBack === 'hold';
  const raised = (Object.keys(standard) as (keyof StandardQuotas)[])
    .map((name) => ({ name, most: before.quotas[name] ?? standard[name], now: after.quotas[name] ?? standard[name] }))
    .filter(({ most, now }) => now > most)
    .map(({ name, most }) => ({ pointer: `/quotas/${name}`, bound: `${most} or less` }));
  return [...raised, ...rules, ...limits, ...(held ? [{ pointer: '/beyondLookBack', bound: 'refuse' }] : [])];
}

/** Null takes any age. */
const hoursOf = (limit: number | null): number => limit ?? Infinity;
