import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { cursor, pageSize } from '../../http/paging/paging';
import { recordedTypes } from '../punches/presence';
import { deviceStatuses, factoryStates } from './device';

/** As printed on the device; ZKTeco uses letters and digits. */
export const serialPattern = /^[A-Za-z0-9_-]{1,64}$/;
const serialNumber = z.string().trim().regex(serialPattern, 'must be the serial number printed on the device');
const name = z.string().trim().min(1).max(100);
const timeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_+/-]*$/, 'must be an IANA time zone, such as Europe/Berlin')
  .describe('IANA zone that the clock of the terminal shows');
const states = z
  .record(z.string().regex(/^\d{1,3}$/, 'must be a state of the terminal, such as 0'), z.enum(recordedTypes))
  .refine((map) => Object.keys(map).length <= 50, 'names more than 50 states')
  .describe('what the terminal writes for a direction; a state that is not named is recorded as unknown');
const serialOnly = z
  .boolean()
  .describe(
    'may call by its serial number alone, as terminals must that cannot be given a path: from the networks of the tenant (allowedNetworks), or from where it has called with its secret',
  );

const example = {
  id: '01939c2f-51d0-7a3e-9b0e-0c35a3d1f0d1',
  serialNumber: 'CKJN201960123',
  name: 'Front door',
  timeZone: 'Europe/Berlin',
  states: factoryStates,
  serialOnly: false,
  provenNetworks: [],
  status: 'active',
  version: 1,
  createdBy: '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001',
  secretHolders: [],
  createdAt: '2026-03-28T09:00:00.000Z',
  updatedAt: '2026-03-28T09:00:00.000Z',
} as const;
const exampleSecret = 'q9J0s3bVn2kZr5tY8wQ1xC4mD7fG6hLp';

export const newDevice = z
  .strictObject({
    serialNumber,
    name,
    timeZone: timeZone.optional().describe('IANA zone that its clock shows; left out, the zone of the tenant'),
    states: states.default(factoryStates),
    serialOnly: serialOnly.default(false),
  })
  .meta({
    id: 'NewDevice',
    example: { serialNumber: example.serialNumber, name: example.name, timeZone: example.timeZone },
  });
export type NewDevice = z.output<typeof newDevice>;

export const deviceClaim = z
  .strictObject({
    name,
    timeZone: timeZone.optional(),
    states: states.default(factoryStates),
    serialOnly: serialOnly.default(true),
  })
  .meta({ id: 'DeviceClaim', example: { name: example.name, timeZone: example.timeZone } });
export type DeviceClaim = z.output<typeof deviceClaim>;

export const devicePatch = z
  .strictObject({
    name: name.optional(),
    timeZone: timeZone.optional(),
    states: states.optional(),
    serialOnly: serialOnly.optional(),
    status: z.enum(['active', 'suspended']).optional().describe('suspended: refused, so that it keeps its backlog'),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .meta({ id: 'DevicePatch', example: { status: 'suspended' } });
export type DevicePatch = z.output<typeof devicePatch>;

export const deviceQuery = z.strictObject({
  status: z
    .enum([...deviceStatuses, 'all'])
    .optional()
    .describe('left out, all but the retired ones'),
  limit: pageSize,
  cursor,
});
export type DeviceQuery = z.output<typeof deviceQuery>;

const shape = {
  id,
  serialNumber: z.string(),
  name: z.string(),
  timeZone: z.string(),
  states: z.record(z.string(), z.enum(recordedTypes)),
  serialOnly: z.boolean(),
  provenNetworks: z.array(z.string()).describe('where it has called from with its secret'),
  status: z.enum(deviceStatuses),
  firmware: z.string().optional(),
  lastSeenAt: z.iso.datetime().optional().describe('its last call; up to half a minute coarse'),
  lastStamp: z.string().optional().describe('its own mark of how far it has sent'),
  skewMs: z.number().int().optional().describe('how far its clock is behind (negative: ahead), in milliseconds'),
  backlog: z
    .object({ lines: z.number().int(), since: z.iso.datetime() })
    .optional()
    .describe('of the last upload: lines sent more than ten minutes late, and the oldest of them'),
  contactSince: z.iso.datetime().optional().describe('since when it has called without a gap of ten minutes'),
  liveAt: z.iso.datetime().optional().describe('when it last sent a punch as it happened'),
  away: z
    .object({ from: z.iso.datetime(), until: z.iso.datetime() })
    .optional()
    .describe('the longest time of the last week, or else the last one, without a call for more than ten minutes'),
  clockDoubtedAt: z.iso
    .datetime()
    .optional()
    .describe('since when lines of it are held because of its clock; gone once a line arrives that is right'),
  createdBy: id.describe('who registered it: what it tells of them is theirs, and waits beyond lookBackHours.api'),
  secretHolders: z
    .array(id)
    .describe('who was given its secret since, or set serialOnly: what it tells of them waits in the same way'),
  version: z.number().int().describe('the ETag, for If-Match'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};
export const deviceResource = z.object(shape).meta({ id: 'Device', example });
export const deviceWithSecret = z
  .object({
    ...shape,
    secret: z.string().describe('shown this once'),
    address: z.string().describe('the path to put behind the server name in the terminal'),
  })
  .meta({
    id: 'DeviceWithSecret',
    example: { ...example, secret: exampleSecret, address: `/iclock/${exampleSecret}` },
  });
export const deviceList = z
  .object({ data: z.array(deviceResource), nextCursor: z.string().optional() })
  .meta({ id: 'DeviceList' });
