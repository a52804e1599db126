import type { ProfileName } from '../reading/profiles';

interface BuiltIn {
  readonly kind: 'punches' | 'days';
  readonly about: string;
}

const layouts: Readonly<Record<ProfileName, BuiltIn>> = {
  clockify: { kind: 'days', about: 'the detailed report of Clockify' },
  'dingtalk-daily': { kind: 'days', about: 'the daily summary of DingTalk, in Chinese or English' },
  harvest: { kind: 'days', about: 'the detailed time report of Harvest: hours without times, which need dayStart' },
  'plain-days': { kind: 'days', about: 'employeeNumber, date, in, out, breakMinutes' },
  'plain-punches': { kind: 'punches', about: 'employeeNumber, type, timestamp, deviceId' },
  toggl: { kind: 'days', about: 'the detailed report of Toggl Track' },
  'zkteco-adms': { kind: 'punches', about: 'what a terminal of ZKTeco pushes' },
  'zkteco-attlog': { kind: 'punches', about: 'attlog.dat, as a terminal of ZKTeco writes it to a USB stick' },
};

/** What the product knows by itself, in the order of the names. They can be named like stored ones, and not be changed. */
export const builtInProfiles = Object.entries(layouts).map(([name, { kind, about }]) => ({
  id: name,
  name,
  kind,
  builtIn: true as const,
  about,
}));

export const builtInCalled = (name: string) => builtInProfiles.find((profile) => profile.name === name.toLowerCase());
