import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { instant } from '../../http/input/dates';
import { cursor, pageSize, searched } from '../../http/paging/paging';
import { actionFilter, entityFilter, shownActions, shownEntities } from './words';

const exampleEntry = '01939c2f-0a2e-7d5b-8f64-5b0f6f0f2d10';
const examplePunch = '01939c2f-03b1-7d11-9c5e-6f0d2c2b7a10';
const examplePerson = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001';

const filters = {
  action: actionFilter.optional(),
  entity: entityFilter.optional(),
  entityId: z.string().min(1).max(200).optional().describe('everything that happened to one thing'),
  userId: id.optional().describe('who did it'),
  employeeId: id.optional().describe('whom it is about'),
  from: instant.optional().describe('first instant, inclusive'),
  to: instant.optional().describe('last instant, exclusive'),
};
const q = searched
  .optional()
  .describe('text to look for, in any case: in ids, actions, request ids and the changed values');

export const auditQuery = z.strictObject({
  ...filters,
  limit: pageSize,
  cursor,
});
export type AuditQuery = z.output<typeof auditQuery>;

export const auditSearch = z.strictObject({
  q,
  ...filters,
  page: z.coerce.number().int().min(1).max(50_000).default(1),
  pageSize,
});
export type AuditSearch = z.output<typeof auditSearch>;

export const auditExport = z.strictObject({ q, ...filters });
export type AuditExport = z.output<typeof auditExport>;
export type AuditFilters = AuditExport;

const state = z.record(z.string(), z.unknown()).nullable();

/** An entry of the ledger, as it is answered. */
export const auditEntry = z
  .object({
    id,
    entity: z.string().describe(shownEntities.join(', ')),
    entityId: z.string(),
    action: z.string().describe(shownActions.join(', ')),
    outcome: z.enum(['success', 'failure']),
    userId: id.describe('who did it'),
    onBehalfOf: id.optional().describe('for whom they did it'),
    changes: z.object({ before: state, after: state }).describe('the fields that changed; secrets are masked'),
    createdAt: instant.describe('by the clock of the database'),
    requestId: z.string(),
    ip: z.string().nullable(),
    employeeId: id.optional(),
    punchId: id.optional(),
    exceptionId: id.optional(),
  })
  .meta({
    id: 'AuditEntry',
    example: {
      id: exampleEntry,
      entity: 'Punch',
      entityId: examplePunch,
      action: 'deleted',
      outcome: 'success',
      userId: examplePerson,
      changes: { before: { status: 'active' }, after: { status: 'deleted', reason: 'Punched for the wrong person' } },
      createdAt: '2026-03-29T07:02:11.480Z',
      requestId: '01939c2f-09f0-7bb2-a5a3-6d8f0f1f7c11',
      ip: '192.0.2.10',
      employeeId: examplePerson,
      punchId: examplePunch,
    },
  });
export type AuditEntryResource = z.output<typeof auditEntry>;

export const auditList = z
  .object({
    data: z.array(auditEntry),
    nextCursor: z.string().optional().describe('there may be more as long as it is given, also below a short page'),
  })
  .meta({ id: 'AuditList' });

export const auditSearchResult = z
  .object({
    data: z.array(auditEntry),
    page: z.number().int(),
    pageSize: z.number().int(),
    total: z.number().int().describe('hits among the newest 50,000 entries of the time asked for'),
  })
  .meta({ id: 'AuditSearchResult' });
