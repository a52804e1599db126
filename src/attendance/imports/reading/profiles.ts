import { headingKey } from './columns';
import type { MappingFields } from './mapping';

export type ProfileName =
  | 'plain-punches'
  | 'plain-days'
  | 'clockify'
  | 'toggl'
  | 'harvest'
  | 'dingtalk-daily'
  | 'zkteco-attlog'
  | 'zkteco-adms';

/** A known exporter, recognised by its headings. */
interface Profile {
  readonly name: ProfileName;
  /** Keys of headings that must all be there. */
  readonly needs: readonly string[];
  /** Its time columns hold words of a status as well. Only where the headings are surely those of the exporter. */
  readonly ignoreTexts?: boolean;
}

/** Specific ones first: Clockify and Toggl share their headings but for the decimal duration of Clockify. */
const PROFILES: readonly Profile[] = [
  {
    name: 'plain-punches',
    needs: ['employeenumber', 'type', 'timestamp'],
  },
  { name: 'plain-days', needs: ['employeenumber', 'date', 'in', 'out'] },
  {
    name: 'clockify',
    needs: ['startdate', 'starttime', 'enddate', 'endtime', 'durationh'],
  },
  { name: 'toggl', needs: ['startdate', 'starttime', 'enddate', 'endtime'] },
  { name: 'harvest', needs: ['date', 'client', 'task', 'hours'] },
  // `Date`, `In1` and `Out1` alone are anybody's; and a word in a time column of English headings is an error like elsewhere.
  { name: 'dingtalk-daily', needs: ['userid', 'date', 'in1', 'out1'] },
  {
    name: 'dingtalk-daily',
    needs: ['日期', '上班1打卡时间', '下班1打卡时间'],
    ignoreTexts: true,
  },
];

export function profileOf(columns: readonly string[]): Profile | null {
  const keys = new Set(columns.map(headingKey));
  return PROFILES.find(({ needs }) => needs.every((key) => keys.has(key))) ?? null;
}

/** Columns that the reader of terminal files makes, in this order whatever the order in the file. */
export const TERMINAL_COLUMNS = ['pin', 'time', 'device', 'state', 'verify', 'workcode'] as const;
export const TERMINAL_FIELDS: MappingFields = { employee: 'pin', timestamp: 'time', type: 'state', deviceId: 'device' };

/** The states of terminals as they come from the factory; each can be set otherwise. 4 and 5 are overtime, 255 is a terminal without keys. */
export const TERMINAL_TYPES = {
  '0': 'in',
  '1': 'out',
  '2': 'break_start',
  '3': 'break_end',
  '4': 'in',
  '5': 'out',
  '255': 'unknown',
} as const;
