import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { instant } from '../../http/input/dates';
import { cursor, pageSize, searched } from '../../http/paging/paging';
import { actionFilter, entityFilter, shownActions, shownEntities } from './words';

/** What an entry can bring along. */
const included = ['actor', 'employee', 'punch'] as const;
export type Included = (typeof included)[number];

const exampleEntry = '01939c2f-0a2e-7d5b-8f64-5b0f6f0f2d10';
const examplePunch = '01939c2f-03b1-7d11-9c5e-6f0d2c2b7a10';
const examplePerson = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f001';

const filters = {
  action: actionFilter.optional(),
  entity: entityFilter.optional(),
  entityId: z.string().min(1).max(200).optional().describe('everything that happened to one thing'),
  userId: id.optional().describe('who did it'),
  employeeId: id.optional().describe('whom it is about'),
  punchId: id.optional().describe('the punch that it is about, also where a correction or an exception changed'),
  exceptionId: id.optional().describe('the exception that it is about'),
  scheduleId: id.optional().describe('the schedule that it is about, or whose shift it is about'),
  outcome: z.enum(['success', 'failure']).optional(),
  requestId: z.string().min(1).max(200).optional().describe('everything that one request did'),
  from: instant.optional().describe('first instant, inclusive'),
  to: instant.optional().describe('last instant, exclusive'),
};
const q = searched
  .optional()
  .describe('text to look for, in any case: in ids, actions, request ids and the changed values');

const include = z
  .string()
  .max(50)
  .transform((text, context): ReadonlySet<Included> => {
    const words = text.split(',').map((word) => word.trim());
    const known = included.filter((word) => words.includes(word));
    if (known.length === new Set(words).size) return new Set(known);
    context.addIssue({ code: 'custom', message: `takes ${included.join(', ')}, separated by commas` });
    return z.NEVER;
  })
  .optional()
  .describe(
    'what to tell of each entry besides: actor and employee with their names, punch as it is now; such as actor,punch',
  );

export const auditQuery = z.strictObject({
  q,
  ...filters,
  include,
  limit: pageSize,
  cursor,
});
export type AuditQuery = z.output<typeof auditQuery>;

export const auditSearch = z.strictObject({
  q,
  ...filters,
  include,
  cursor,
  page: z.coerce.number().int().min(1).max(50_000).default(1),
  pageSize,
});
export type AuditSearch = z.output<typeof auditSearch>;

export const auditExport = z.strictObject({ q, ...filters });
export type AuditExport = z.output<typeof auditExport>;
export type AuditFilters = AuditExport;

const person = z.object({ id, name: z.string() }).optional();
const state = z.record(z.string(), z.unknown()).nullable();

/** An entry of the ledger, as it is answered. */
export const auditEntry = z
  .object({
    id,
    entity: z.string().describe(shownEntities.join(', ')),
    entityId: z.string(),
    action: z.string().describe(shownActions.join(', ')),
    outcome: z.enum(['success', 'failure']),
    userId: id.describe('who did it: a person, a terminal or an API key'),
    onBehalfOf: id.optional().describe('for whom they did it'),
    changes: z.object({ before: state, after: state }).describe('the fields that changed; secrets are masked'),
    createdAt: instant.describe('by the clock of the database'),
    requestId: z.string(),
    ip: z.string().nullable(),
    employeeId: id.optional(),
    punchId: id.optional(),
    exceptionId: id.optional(),
    actor: person.describe('who did it, where `include` asks for it and they are of this tenant'),
    employee: person.describe('whom it is about, where `include` asks for it'),
    punch: z
      .object({
        id,
        employeeId: id,
        type: z.string(),
        occurredAt: instant,
        source: z.string(),
        status: z.string(),
      })
      .optional()
      .describe('the punch as it is now, where `include` asks for it'),
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

const searchedUntil = instant.optional().describe('older entries have not been looked at yet; absent at the end');

export const auditList = z
  .object({
    data: z.array(auditEntry),
    nextCursor: z.string().optional().describe('there may be more as long as it is given, also below a short page'),
    searchedUntil,
  })
  .meta({ id: 'AuditList' });

export const auditSearchResult = z
  .object({
    data: z.array(auditEntry),
    page: z.number().int(),
    pageSize: z.number().int(),
    total: z.number().int().describe('hits among the 50,000 entries that were looked at'),
    nextCursor: z.string().optional().describe('goes on with the next 50,000, from page 1; absent at the end'),
    searchedUntil,
  })
  .meta({ id: 'AuditSearchResult' });
