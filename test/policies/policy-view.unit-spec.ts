import { readFileSync } from 'node:fs';
import path from 'node:path';
import { policyView } from '../../src/attendance/policies/policy-view';
import { DEFAULT_POLICY } from '../../src/attendance/rules/policy';
import { policySchema } from '../../src/attendance/rules/preview/policy.schemas';

describe('a complete policy in the units of the API', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the defaults', {}],
    ['California', { overtime: { rules: 'US-CA', weekStart: 1 }, meals: 'US-CA' }],
    [
      'tiers of its own',
      {
        overtime: {
          daily: [{ afterMinutes: 480, rate: 1.25, toleranceMinutes: 10 }],
          weekly: [{ afterMinutes: 2250, rate: 1.5 }],
          workdayStart: '05:30',
          seventhDay: { days: 6, scope: 'rolling', tiers: [{ afterMinutes: 0, rate: 2 }] },
        },
        premiums: [{ name: 'Night', window: '22:00-06:00', weekdays: [0, 6], rate: 1.25 }],
      },
    ],
    [
      'everything that rounds, deducts or counts',
      {
        dedupeSeconds: 30,
        roundIn: { mode: 'nearest', unitMinutes: 15, downThroughMinutes: 7 },
        roundDay: { mode: 'down', unitMinutes: 6 },
        unpaidWindows: ['12:00-13:00', '23:30-00:00'],
        autoBreaks: [{ minutes: 30, afterMinutes: 360 }],
        breakThresholds: 'gross',
        plannedBreakAfterMinutes: 300,
        minBreakMinutes: 15,
        paidMeal: { minutes: 20, afterMinutes: 480 },
        severeLateMinutes: 30.5,
        holidayRate: 2,
      },
    ],
  ])('is read back into the same policy: %s', (_what, settings) => {
    const policy = policySchema.parse(settings);
    expect(policySchema.parse(policyView(policy))).toEqual(policy);
    expect(JSON.stringify(policyView(policy))).not.toMatch(/Seconds":(?!60|30)/);
  });

  it('has every setting', () => {
    const names = Object.keys(DEFAULT_POLICY).map((name) =>
      name === 'dedupeSeconds' ? name : name.replace(/Seconds$/, 'Minutes'),
    );
    expect(Object.keys(policyView(DEFAULT_POLICY)).sort()).toEqual(names.sort());
  });

  it('stands in the documentation, setting by setting, with the default', () => {
    const page = readFileSync(path.resolve(__dirname, '../../docs/rules.md'), 'utf8');
    const missing = Object.entries(policyView(DEFAULT_POLICY)).filter(([name, value]) => {
      const row = page.split('\n').find((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${name}\``));
      if (row === undefined || name === 'overtime') return row === undefined;
      const text =
        typeof value === 'number' ? String(value) : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
      return row.split('|')[2]?.trim() !== text;
    });
    expect(missing).toEqual([]);
  });

  it('is what the examples of the documentation say', () => {
    const page = readFileSync(path.resolve(__dirname, '../../docs/rules.md'), 'utf8');
    const examples = [...page.matchAll(/```json\n([^`]+)```/g)].map((match) => JSON.parse(match[1] ?? '') as unknown);
    expect(examples).toHaveLength(4);
    for (const example of examples) expect(policySchema.safeParse(example).error).toBeUndefined();
  });
});
