import { z } from 'zod';
import { localDate } from '../../http/input/dates';
import { cursor, pageSize } from '../../http/paging/paging';
import { identifier as id } from '../../http/input/identifiers';

const exampleId = '01939c2f-51d0-7a3e-9b0e-0c35a3d1f0e2';
const exampleEmployee = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001';

const pinFields = {
  pin: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^\s\p{C}]+$/u, 'must not hold blanks')
    .describe('as the terminal writes it: leading zeros are part of it'),
  employeeId: id,
  effectiveFrom: localDate.optional().describe('first local date, by the clock of the terminal; left out, always was'),
  effectiveUntil: localDate.optional().describe('last local date; left out, until further notice'),
};

export const newPin = z
  .strictObject({
    ...pinFields,
    allDevices: z.boolean().default(false).describe('on every terminal that has no binding of its own for this PIN'),
  })
  .refine(({ effectiveFrom, effectiveUntil }) => (effectiveFrom ?? '') <= (effectiveUntil ?? '9'), {
    error: 'must not lie before effectiveFrom',
    path: ['effectiveUntil'],
  })
  .meta({ id: 'NewPin', example: { pin: '0042', employeeId: exampleEmployee, effectiveFrom: '2026-03-01' } });
export type NewPin = z.output<typeof newPin>;

export const pinQuery = z.strictObject({ limit: pageSize, cursor });
export type PinQuery = z.output<typeof pinQuery>;

export const pinResource = z.object({ id, ...pinFields, allDevices: z.boolean() }).meta({
  id: 'Pin',
  example: {
    id: exampleId,
    pin: '0042',
    employeeId: exampleEmployee,
    effectiveFrom: '2026-03-01',
    allDevices: false,
  },
});
export const pinList = z
  .object({ data: z.array(pinResource), nextCursor: z.string().optional() })
  .meta({ id: 'PinList' });
