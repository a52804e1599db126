import { z } from 'zod';
import { localDate } from '../../http/input/dates';
import { notBoth } from '../../http/input/either';
import { identifier } from '../../http/input/identifiers';
import { cursor, pageSize } from '../../http/paging/paging';
import { email, employeeNumber, password, personName, roleName, searchText, timeZone } from '../fields';
import { userStatuses } from './user';

const isEmployment = (body: { hireDate?: string | null | undefined; leaveDate?: string | null | undefined }) =>
  typeof body.hireDate !== 'string' || typeof body.leaveDate !== 'string' || body.leaveDate >= body.hireDate;
const notBeforeHire = { path: ['leaveDate'], message: 'must not lie before the hire date' };

const exampleId = '01993317-6994-7f44-af47-56d61bd62a10';
const orgUnitId = identifier.describe('the unit whose approvers see this person');

const roles = z
  .array(roleName)
  .min(1)
  .max(20)
  .transform((names) => [...new Set(names)])
  .describe('several roles; instead of role');

export const newUser = z
  .strictObject({
    email: email
      .optional()
      .describe('needed for a password only: a terminal can punch for a person who never signs in'),
    name: personName,
    role: roleName.optional(),
    roles: roles.optional(),
    password: password.optional(),
    employeeNumber: employeeNumber.optional(),
    timeZone: timeZone.optional(),
    orgUnitId: orgUnitId.optional(),
    hireDate: localDate.optional().describe('first date of employment; nothing is expected before it'),
    leaveDate: localDate.optional().describe('last date of employment'),
  })
  .refine(isEmployment, notBeforeHire)
  .refine(...notBoth('role', 'roles'))
  .refine((body) => body.role !== undefined || body.roles !== undefined, {
    path: ['role'],
    message: 'is required; or several as roles',
    params: { code: 'required' },
  })
  .refine((body) => body.password === undefined || body.email !== undefined, {
    path: ['email'],
    message: 'is required for somebody who signs in with a password',
  })
  .meta({
    id: 'NewUser',
    example: {
      email: 'erin@acme.test',
      name: 'Erin Example',
      role: 'employee',
      password: 'correct horse battery',
      employeeNumber: '0815',
      timeZone: 'Europe/Berlin',
      hireDate: '2026-02-01',
    },
  });
export type NewUser = z.output<typeof newUser>;

export const userPatch = z
  .strictObject({
    email: email.nullable().optional(),
    name: personName.optional(),
    role: roleName.optional().describe('replaces all roles of the person'),
    roles: roles.optional().describe('replace all roles of the person'),
    password: password.nullable().optional().describe('ends every sign-in of the person; null takes the password away'),
    employeeNumber: employeeNumber.nullable().optional(),
    timeZone: timeZone.nullable().optional(),
    orgUnitId: orgUnitId.nullable().optional(),
    hireDate: localDate.nullable().optional(),
    leaveDate: localDate.nullable().optional(),
    status: z.enum(userStatuses).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names nothing to change')
  .refine(isEmployment, notBeforeHire)
  .refine(...notBoth('role', 'roles'))
  .meta({ id: 'UserPatch', example: { role: 'approver', timeZone: 'Europe/Lisbon' } });
export type UserPatch = z.output<typeof userPatch>;

export const userQuery = z.strictObject({
  q: searchText.optional(),
  status: z.enum([...userStatuses, 'all']).default('active'),
  role: roleName.optional(),
  limit: pageSize,
  cursor,
});
export type UserQuery = z.output<typeof userQuery>;

/** A person as they are answered. */
export const userResource = z
  .object({
    id: identifier.describe('also the employeeId of punches and schedules'),
    email: z.string().optional(),
    name: z.string(),
    role: z.string().optional().describe('the mightiest of the roles'),
    roles: z.array(z.string()),
    employeeNumber: z.string().optional(),
    timeZone: z.string().optional(),
    orgUnitId: identifier.optional(),
    hireDate: z.iso.date().optional(),
    leaveDate: z.iso.date().optional(),
    status: z.enum(userStatuses),
    version: z.number().int().describe('the ETag, for If-Match'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({
    id: 'User',
    example: {
      id: exampleId,
      email: 'erin@acme.test',
      name: 'Erin Example',
      role: 'employee',
      roles: ['employee'],
      employeeNumber: '0815',
      timeZone: 'Europe/Berlin',
      hireDate: '2026-02-01',
      status: 'active',
      version: 1,
      createdAt: '2026-03-29T06:58:12.000Z',
      updatedAt: '2026-03-29T06:58:12.000Z',
    },
  });

export const userList = z
  .object({ data: z.array(userResource), nextCursor: z.string().optional() })
  .meta({ id: 'UserList' });
