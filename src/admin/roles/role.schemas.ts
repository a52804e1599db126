import { z } from 'zod';
import { identifier } from '../../http/input/identifiers';
import { permissions } from '../../auth/principal';
import { roleNames } from '../../auth/roles';
import { cursor, oneLimit, otherLimit, pageSize } from '../../http/paging/paging';
import { email, employeeNumber, roleName, searchText } from '../fields';
import { userStatuses } from '../users/user';

const person = '01993317-6994-7f44-af47-56d61bd62a10';
const someoneElse = '01993317-6995-7b10-8d1f-2f0f4c1a2b3d';

/** A role is named as `template`; `roleId` is the same for clients that know roles by an id. */
const role = { template: roleName.optional(), roleId: roleName.optional() };
type Named = { readonly template?: unknown; readonly roleId?: unknown };
const oneRole = (body: Named) => (body.template === undefined) !== (body.roleId === undefined);
const whichRole = { path: ['template'], message: 'names the role: send either template or roleId' };

export const roleChange = z
  .strictObject(role)
  .refine(oneRole, whichRole)
  .meta({ id: 'RoleChange', example: { template: 'approver' } });
export type RoleChange = z.output<typeof roleChange>;

/** How many users a batch names at most, by ids, addresses and employee numbers together. */
const MOST = 5000;

export const batchRoleChange = z
  .strictObject({
    userIds: z.array(identifier).max(MOST).default([]).describe('repetitions count once'),
    emails: z.array(email).max(MOST).default([]),
    employeeNumbers: z.array(employeeNumber).max(MOST).default([]),
    ...role,
    dryRun: z.boolean().default(false).describe('answers what would change, and changes nothing'),
  })
  .refine(
    ({ userIds, emails, employeeNumbers }) => inRange(userIds.length + emails.length + employeeNumbers.length, MOST),
    {
      path: ['userIds'],
      message: `names between 1 and ${MOST} people, together with emails and employeeNumbers`,
    },
  )
  .refine(oneRole, whichRole)
  .meta({ id: 'BatchRoleChange', example: { userIds: [person, someoneElse], template: 'approver' } });
export type BatchRoleChange = z.output<typeof batchRoleChange>;

export const batchRoleResult = z
  .object({
    batchId: identifier.optional().describe('what undoes it; absent where nothing changed'),
    dryRun: z.boolean(),
    requested: z.number().int().describe('people asked for: updated + unchanged + unknown'),
    updated: z.number().int(),
    unchanged: z.number().int().describe('had the role already, or had it not'),
    unknown: z.number().int(),
    unknownIds: z.array(identifier).describe('ids that are nobody in this tenant; of many the first'),
    results: z
      .array(
        z.object({
          name: z.string().describe('the id, address or employee number that was sent'),
          userId: identifier.optional(),
          result: z.enum(['updated', 'unchanged', 'unknown']),
        }),
      )
      .describe(
        'one for each name: first the unknown ones, then the unchanged, then the updated; of a large batch as many as fit',
      ),
    resultsLeftOut: z.number().int().describe('names beyond these'),
  })
  .meta({
    id: 'BatchRoleResult',
    example: {
      batchId: '01993317-7a10-7c3e-9d5b-6c1b1f2e3d4c',
      dryRun: false,
      requested: 2,
      updated: 1,
      unchanged: 0,
      unknown: 1,
      unknownIds: [someoneElse],
      results: [
        { name: someoneElse, result: 'unknown' },
        { name: person, userId: person, result: 'updated' },
      ],
      resultsLeftOut: 0,
    },
  });

const roleBatch = z.object({
  id: identifier,
  action: z.enum(['assign', 'unassign']),
  role: z.string(),
  changed: z.number().int().describe('people whose roles it changed'),
  createdBy: identifier,
  createdAt: z.iso.datetime(),
  undoneBy: identifier.optional(),
  undoneAt: z.iso.datetime().optional(),
});
const exampleBatch = {
  id: '01993317-7a10-7c3e-9d5b-6c1b1f2e3d4c',
  action: 'assign',
  role: 'approver',
  changed: 412,
  createdBy: person,
  createdAt: '2026-11-27T08:00:00.000Z',
};
export const roleBatchList = z
  .object({ data: z.array(roleBatch), nextCursor: z.string().optional() })
  .meta({ id: 'RoleBatchList', example: { data: [exampleBatch] } });
export const roleBatchQuery = z.strictObject({ limit: pageSize, cursor });
export type RoleBatchQuery = z.output<typeof roleBatchQuery>;

export const undoneRoleBatch = roleBatch
  .extend({
    reverted: z.number().int().describe('people whose roles are again as before the batch'),
    kept: z.number().int().describe('people whose roles somebody has changed since: they stay as they are'),
  })
  .meta({
    id: 'UndoneRoleBatch',
    example: { ...exampleBatch, undoneBy: person, undoneAt: '2026-11-27T08:05:00.000Z', reverted: 411, kept: 1 },
  });

export const roleTemplateList = z
  .object({
    data: z.array(
      z.object({
        id: z.enum(roleNames).describe('the template, also usable as roleId'),
        title: z.string(),
        description: z.string(),
        permissions: z.array(z.enum(permissions)),
        grantable: z.boolean().describe('whether you may give it'),
      }),
    ),
  })
  .meta({
    id: 'RoleTemplateList',
    example: {
      data: [
        {
          id: 'employee',
          title: 'Employee',
          description: 'Punches in and out and reads their own records.',
          permissions: ['attendance:read', 'attendance:write'],
          grantable: true,
        },
      ],
    },
  });

export const peopleSearch = z
  .strictObject({ q: searchText, limit: pageSize, pageSize: otherLimit })
  .transform(oneLimit);
export type PeopleSearch = z.output<typeof peopleSearch>;

const personSummary = z
  .object({
    id: identifier,
    name: z.string(),
    email: z.string().optional(),
    employeeNumber: z.string().optional(),
    status: z.enum(userStatuses),
    roles: z.array(z.string()),
  })
  .meta({
    id: 'PersonSummary',
    example: {
      id: person,
      name: 'Erin Example',
      email: 'erin@acme.test',
      employeeNumber: '0815',
      status: 'active',
      roles: ['employee'],
    },
  });
export const personSummaryList = z.object({ data: z.array(personSummary) }).meta({ id: 'PersonSummaryList' });

export const peopleToResolve = z
  .strictObject({
    emails: z.array(email).max(1000).default([]),
    employeeNumbers: z.array(employeeNumber).max(1000).default([]),
  })
  .refine(
    ({ emails, employeeNumbers }) => inRange(emails.length + employeeNumbers.length, 1000),
    'names between 1 and 1000 people',
  )
  .meta({ id: 'PeopleToResolve', example: { emails: ['erin@acme.test'], employeeNumbers: ['0815', '4711'] } });
export type PeopleToResolve = z.output<typeof peopleToResolve>;

export const resolvedPeople = z
  .object({
    resolved: z.array(personSummary).describe('every person once, however many of the names meant them'),
    unknown: z.array(z.string()).describe('addresses and employee numbers that are nobody in this tenant'),
  })
  .meta({ id: 'ResolvedPeople' });

function inRange(count: number, most: number): boolean {
  return count >= 1 && count <= most;
}
