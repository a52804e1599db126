import { z } from 'zod';
import { identifier } from '../../../http/input/identifiers';
import { payPeriodResource } from '../periods/pay-period.schemas';

export const totalsQuery = z.strictObject({
  revision: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('an earlier closing; without it the latest'),
  format: z.enum(['json', 'csv']).default('json'),
});
export type TotalsQuery = z.output<typeof totalsQuery>;

const minutes = z.number().int();

const employeeTotals = z
  .object({
    employeeId: identifier,
    employeeNumber: z.string().optional(),
    name: z.string().describe('as it was when the period was closed'),
    days: z.number().int().describe('days on record'),
    approvedDays: z.number().int(),
    scheduledMinutes: minutes,
    workedMinutes: minutes,
    payableMinutes: minutes.describe('regular + overtime + doubleTime'),
    regularMinutes: minutes,
    overtimeMinutes: minutes,
    doubleTimeMinutes: minutes,
    premiumMinutes: minutes,
    breakMinutes: minutes,
    lateMinutes: minutes,
    earlyLeaveMinutes: minutes,
    mealPremiumMinutes: minutes,
    buckets: z.array(z.object({ source: z.string(), rate: z.number(), minutes })),
    adjustments: z.array(
      z.object({
        id: identifier,
        date: z.iso.date(),
        origin: z.enum(['late_fact', 'manual']),
        source: z.string(),
        rate: z.number(),
        minutes: minutes.describe('signed'),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'EmployeeTotals' });

export const payPeriodTotals = z
  .object({
    period: payPeriodResource,
    revision: z.number().int().optional().describe('absent where nothing is frozen yet'),
    final: z.boolean().describe('frozen, and the same for ever'),
    contentHash: z.string().optional().describe('SHA-256 of the CSV of this revision, of all people'),
    data: z.array(employeeTotals),
  })
  .meta({ id: 'PayPeriodTotals' });
