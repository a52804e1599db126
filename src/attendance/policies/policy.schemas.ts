import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { cursor, pageSize } from '../../http/paging/paging';
import type { Policy } from '../rules/policy';
import { policySchema } from '../rules/preview/policy.schemas';
import { date, fromDate, orgUnitId, toDate, version } from '../dates/fields';

const exampleSettings = { overtime: { rules: 'US-CA' }, meals: 'US-CA', lateGraceMinutes: 7 };
const name = z.string().trim().min(1).max(100);

/** The settings in the OpenAPI document: the form that `policySchema` reads. */
const form = z.toJSONSchema(policySchema, { io: 'input', target: 'openapi-3.0' });

/** Settings as they were sent, which is what is kept, beside the policy that they mean. */
export interface Settings {
  readonly given: Readonly<Record<string, unknown>>;
  readonly policy: Policy;
}

const settings = z
  .record(z.string(), z.unknown())
  .transform((given, context): Settings => {
    const read = policySchema.safeParse(given);
    if (read.success) return { given, policy: read.data };
    for (const issue of read.error.issues) context.issues.push({ ...issue, input: given } as z.core.$ZodRawIssue);
    return z.NEVER;
  })
  .meta({
    ...form,
    description:
      'What is left out has its default; docs/rules.md has them all, with the reasons. Given anew, it replaces all settings.',
    example: exampleSettings,
  });

export const newPolicy = z
  .strictObject({
    name,
    effectiveFrom: date.describe('the first local date that is computed by it; may lie in the past'),
    orgUnitId: orgUnitId.optional(),
    settings,
  })
  .meta({
    id: 'NewPolicy',
    example: { name: 'California 2027', effectiveFrom: '2027-01-01', settings: exampleSettings },
  });
export type NewPolicy = z.output<typeof newPolicy>;

export const policyPatch = z
  .strictObject({ name: name.optional(), settings: settings.optional() })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'PolicyPatch', example: { name: 'California, from 2027 on' } });
export type PolicyPatch = z.output<typeof policyPatch>;

export const policyQuery = z.strictObject({
  from: fromDate,
  to: toDate,
  orgUnitId: id.optional().describe('what applies there: its own versions and those for everybody'),
  limit: pageSize,
  cursor,
});
export type PolicyQuery = z.output<typeof policyQuery>;

const resource = z.object({
  id,
  name,
  effectiveFrom: date,
  orgUnitId: orgUnitId.optional(),
  inUse: z.boolean().describe('its date has come: only its name can change'),
  settings: z.record(z.string(), z.unknown()).describe('as they were sent'),
  effective: z.record(z.string(), z.unknown()).describe('the settings with every default, in the same units'),
  version,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: id,
});
const example = {
  id: '01939c31-0c4e-7d20-8b11-2f6f0a5d3c21',
  name: 'California 2027',
  effectiveFrom: '2027-01-01',
  inUse: false,
  settings: exampleSettings,
  effective: { ...exampleSettings, dedupeSeconds: 60, maxShiftMinutes: 960 },
  version: 1,
  createdAt: '2026-03-29T06:58:12.000Z',
  updatedAt: '2026-03-29T06:58:12.000Z',
  createdBy: '01939c2e-8a56-7cc0-b1f4-0c35a3d1f002',
};

export const policyResource = resource.meta({ id: 'Policy', example });

export const policyList = z
  .object({ data: z.array(policyResource), nextCursor: z.string().optional() })
  .meta({ id: 'PolicyList' });

/** A version as a write answers it, with what it sets going. */
export const policyWritten = resource
  .extend({
    markedDays: z.number().int().describe('days on record that are computed again'),
    lockedDays: z.number().int().describe('days on record in closed pay periods, which stay as they were paid'),
  })
  .meta({ id: 'PolicyWritten', example: { ...example, markedDays: 310, lockedDays: 0 } });

export const ruleSetList = z
  .object({
    data: z.array(
      z.object({
        id: z.string().describe('for `settings.overtime.rules`'),
        version: z.string(),
        source: z.string().describe('where the rule can be read'),
        counts: z.enum(['workday', 'work_date']),
        workdayStart: z.string(),
        weekStart: z.number().int().min(0).max(6),
        daily: z.array(z.record(z.string(), z.unknown())),
        weekly: z.array(z.record(z.string(), z.unknown())),
        seventhDay: z.record(z.string(), z.unknown()).nullable(),
      }),
    ),
  })
  .meta({
    id: 'RuleSetList',
    example: {
      data: [
        {
          id: 'US',
          version: '1',
          source: 'https://www.ecfr.gov/current/title-29/subtitle-B/chapter-V/subchapter-B/part-778',
          counts: 'workday',
          workdayStart: '00:00',
          weekStart: 0,
          daily: [],
          weekly: [{ afterMinutes: 2400, rate: 1.5 }],
          seventhDay: null,
        },
      ],
    },
  });
