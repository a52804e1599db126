import { z } from 'zod';
import { previewSchema } from '../rules/preview/preview.schemas';
import { californiaWeek } from '../rules/preview/example';
import { preview } from '../rules/preview/preview';

const minutes = z.number().int().min(0);
const instant = z.iso.datetime();
const span = z.object({ start: instant, end: instant });

const totals = {
  payableMinutes: minutes,
  regularMinutes: minutes,
  overtimeMinutes: minutes.describe('overtime below twice the regular rate'),
  doubleTimeMinutes: minutes,
  premiumMinutes: minutes.describe('of the above, paid higher for when they were worked: nights, holidays'),
};

const day = z.object({
  date: z.iso.date(),
  status: z.string().describe('PRESENT, HALF_DAY, ABSENT, OFF, ON_LEAVE … by the `dayStatus` of the policy'),
  scheduledMinutes: minutes,
  workedMinutes: minutes,
  ...totals,
  breakMinutes: minutes,
  paidBreakMinutes: minutes,
  lateMinutes: minutes,
  earlyLeaveMinutes: minutes,
  mealPremiumMinutes: minutes.describe('owed for a missed, late or short meal period'),
  firstIn: instant.nullable(),
  lastOut: instant.nullable(),
  holiday: z.string().nullable(),
  leave: z.array(z.string()),
  intervals: z.array(span),
  breaks: z.array(span),
  buckets: z.array(z.object({ source: z.string(), rate: z.number(), minutes })).describe('each hour once, at its rate'),
  explanation: z.array(z.string()).describe('how it was computed, step by step'),
});

const exception = z.object({
  date: z.iso.date(),
  code: z.string(),
  anchor: z.string(),
  at: instant,
  minutes,
  state: z.string().describe('`premature` until its window has closed, `open` from then on'),
});

/** What a what-if answers; the example is computed, so it is what the server says to the example of the body. */
export const previewResult = z
  .object({
    days: z.array(day),
    exceptions: z.array(exception),
    totals: z.object(totals),
    weeks: z.array(z.object({ date: z.iso.date(), ...totals })).describe('by workweek; `date` is its first day'),
  })
  .meta({ id: 'RulesPreviewResult', example: preview(previewSchema.parse(californiaWeek)) });
