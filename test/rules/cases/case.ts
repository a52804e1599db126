import { z } from 'zod';

/** One numerical case: rules, punches, and what must come out. Times carry offsets; what is not here is not asserted. */
const caseSchema = z.object({
  id: z.string(),
  category: z.string(),
  description: z.string().default(''),
  timezone: z.string(),
  rules: z.record(z.string(), z.unknown()),
  punches: z.array(z.looseObject({ type: z.string(), at: z.string() })).default([]),
  inputs: z.record(z.string(), z.unknown()).default({}),
  expected: z.record(z.string(), z.unknown()),
});

const fileSchema = z.object({ schema: z.literal('attendance-cases/1'), cases: z.array(caseSchema) });

export type Case = z.infer<typeof caseSchema>;
export type CasePunch = Case['punches'][number];

/** Reads the text of a cases file; throws with every fault that zod finds. */
export function parseCases(text: string): Case[] {
  return fileSchema.parse(JSON.parse(text)).cases;
}

/** The case asks for something that nobody here has a name for: it fails, and the message says for what. */
export class Unsupported extends Error {}

/** A value of a rule or an input, or Unsupported with the path that was wrong. */
export function read<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Unsupported(`${what}: ${JSON.stringify(value)}`);
  return parsed.data;
}

export const number = (value: unknown, what: string) => read(z.number(), value, what);
export const text = (value: unknown, what: string) => read(z.string(), value, what);
export const minutes = (value: unknown, what: string) => number(value, what) * 60;
export const hours = (value: unknown, what: string) => Math.round(number(value, what) * 3600);
