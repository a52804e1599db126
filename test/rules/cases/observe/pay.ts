import { z } from 'zod';
import { add, formatDecimal, fraction, parseDecimal, type Fraction } from '../../../../src/attendance/rules/pay/money';
import {
  payWeek,
  salariedRegularRate,
  weeklySalary,
  type WeekEarnings,
  type WeekPay,
} from '../../../../src/attendance/rules/pay/regular-rate';
import { read, Unsupported } from '../case';
import type { CaseContext, Observer, Observers } from '../context';

/** The regular rate and what a week earns; amounts are written with as many decimals as are wanted. */
export const PAY_OBSERVERS: Observers = {
  regularRate: (context, wanted) => {
    const salary = salaryOf(context);
    return write(salary ? salariedRegularRate(weeklySalary(salary)) : weekOf(context).regularRate, wanted);
  },
  weekly: (context, wanted) => {
    const salary = salaryOf(context);
    return salary ? write(weeklySalary(salary), wanted) : null;
  },
  totalPay: amount((pay) => pay.total),
  overtimePremium: amount((pay) => pay.overtimePremium),
  overtimePremiumExact: amount((pay) => pay.overtimePremium),
  overtimePremiumStepRounded: (context, wanted) => write(weekOf(context, 'each_step').overtimePremium, wanted),
};

function amount(of: (pay: WeekPay) => Fraction): Observer {
  return (context, wanted) => write(of(weekOf(context)), wanted);
}

function write(value: Fraction, wanted: unknown): string {
  return formatDecimal(value, typeof wanted === 'string' ? (wanted.split('.')[1] ?? '').length : 2);
}

const decimal = z.union([z.string(), z.number()]).transform((value) => parseDecimal(String(value)));

const inputsSchema = z.strictObject({
  hours: decimal.optional(),
  overtimeHours: decimal.optional(),
  pieceEarnings: decimal.optional(),
  waitingHours: decimal.optional(),
  waitingRate: decimal.optional(),
  hoursByRate: z.record(z.string(), decimal).optional(),
  monthlySalary: decimal.optional(),
});

const NONE = fraction(0n);

function salaryOf({ given }: CaseContext): Fraction | undefined {
  return readInputs(given.inputs).monthlySalary;
}

function readInputs(inputs: unknown): z.infer<typeof inputsSchema> {
  const parsed = inputsSchema.safeParse(inputs);
  if (!parsed.success) throw new Unsupported(`inputs: ${parsed.error.issues.map((each) => each.message).join('; ')}`);
  return parsed.data;
}

function weekOf({ given, setup }: CaseContext, rounding: 'once' | 'each_step' = 'once'): WeekPay {
  const inputs = readInputs(given.inputs);
  const hourly = Object.entries(inputs.hoursByRate ?? {}).map(([rate, hours]) => ({ rate: parseDecimal(rate), hours }));
  const hours = inputs.hours ?? hourly.map((each) => each.hours).reduce(add, NONE);
  if (given.rules.rate !== undefined) hourly.push({ rate: read(decimal, given.rules.rate, 'rate'), hours });
  if (inputs.waitingHours && inputs.waitingRate) hourly.push({ rate: inputs.waitingRate, hours: inputs.waitingHours });
  const other = [given.rules.bonus].filter((each) => each !== undefined).map((each) => read(decimal, each, 'bonus'));
  if (inputs.pieceEarnings) other.push(inputs.pieceEarnings);
  const threshold = setup.policy.overtime.weekly[0]?.afterSeconds;
  const overtimeHours =
    inputs.overtimeHours ?? beyond(hours, threshold === undefined ? null : fraction(BigInt(threshold), 3600n));
  const earnings: WeekEarnings = { hourly, other, hours, overtimeHours };
  return payWeek(earnings, rounding);
}

function beyond(hours: Fraction, threshold: Fraction | null): Fraction {
  if (!threshold) return NONE;
  const over = add(hours, { numerator: -threshold.numerator, denominator: threshold.denominator });
  return over.numerator > 0n ? over : NONE;
}
