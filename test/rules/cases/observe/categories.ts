import type { Observers } from '../context';
import { DAY_OBSERVERS } from './days';
import { DEFECT_OBSERVERS } from './defects';
import { BREAK_OBSERVERS, EXCEPTION_OBSERVERS } from './exceptions';
import { GEOFENCE_OBSERVERS } from './geofence';
import { IMPORT_OBSERVERS } from './import';
import { OVERTIME_OBSERVERS } from './overtime';
import { LOCK_OBSERVERS } from './locks';
import { CALENDAR_OBSERVERS, PAY_PERIOD_OBSERVERS } from './periods';
import { PUNCH_OBSERVERS } from './punches';
import { SHIFT_OBSERVERS } from './shifts';
import { SPAN_OBSERVERS } from './spans';
import { WORKING_TIME_OBSERVERS } from './working-time';

/** What every category can ask of a day; a category adds its own keys and may give a word its own meaning. */
const COMMON: Observers = {
  ...OVERTIME_OBSERVERS,
  ...BREAK_OBSERVERS,
  ...EXCEPTION_OBSERVERS,
  ...SHIFT_OBSERVERS,
  ...PUNCH_OBSERVERS,
  ...DAY_OBSERVERS,
  ...SPAN_OBSERVERS,
};

export const CATEGORIES: Readonly<Record<string, Observers>> = {
  pairing: COMMON,
  attribution: COMMON,
  'schedule-overlap': COMMON,
  'day-status': COMMON,
  exceptions: COMMON,
  dst: COMMON,
  timezone: COMMON,
  calendar: { ...COMMON, ...CALENDAR_OBSERVERS },
  rounding: COMMON,
  breaks: { ...COMMON, ...BREAK_OBSERVERS },
  overtime: { ...COMMON, ...OVERTIME_OBSERVERS },
  'working-time': { ...COMMON, ...WORKING_TIME_OBSERVERS },
  'anti-oracle': { ...COMMON, ...DEFECT_OBSERVERS },
  'period-lock': LOCK_OBSERVERS,
  'pay-period': PAY_PERIOD_OBSERVERS,
  import: IMPORT_OBSERVERS,
  geofence: GEOFENCE_OBSERVERS,
};
