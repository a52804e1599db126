import { z } from 'zod';
import { type AuditedAction, auditedActions, auditedEntities, type AuditedEntity } from '../ledger/entry';

/**
 * The words of the ledger as clients read and ask for them: entities are nouns (`PayPeriod`), actions say what has happened
 * (`created`). Rows store the keys of entry.ts, which are part of what is sealed and indexed; only this file translates. See
 * docs/decisions/0008-audit-words.md.
 */
const happened: Readonly<Record<AuditedAction, string>> = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  approve: 'approved',
  reject: 'rejected',
  assign: 'assigned',
  unassign: 'unassigned',
  publish: 'published',
  cancel: 'cancelled',
  close: 'closed',
  reopen: 'reopened',
  rollback: 'rolled_back',
  login: 'logged_in',
  refresh: 'refreshed',
  logout: 'logged_out',
  export: 'exported',
};
const noun = (entity: AuditedEntity): string =>
  entity
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

export const shownActions = auditedActions.map((action) => happened[action]);
export const shownEntities = auditedEntities.map(noun);

const actionWords = new Map<string, string>(auditedActions.map((action) => [action, happened[action]]));
const entityWords = new Map<string, string>(auditedEntities.map((entity) => [entity, noun(entity)]));

/** What is stored, in the words of clients; a key that this version does not know is shown as it is. */
export const shownAction = (stored: string): string => actionWords.get(stored) ?? stored;
export const shownEntity = (stored: string): string => entityWords.get(stored) ?? stored;

/** A filter by either spelling, in any case, with or without `_`, `-` and spaces; refuses a word that no entry can have. */
function wordFilter<Key extends string>(keys: readonly Key[], shown: (key: Key) => string, what: string) {
  const bare = (text: string) => text.toLowerCase().replaceAll(/[\s_-]+/g, '');
  const known = new Map(keys.flatMap((key): [string, Key][] => [key, shown(key)].map((word) => [bare(word), key])));
  return z
    .string()
    .max(50)
    .transform((text, context): Key => {
      const key = known.get(bare(text));
      if (key !== undefined) return key;
      context.addIssue({
        code: 'custom',
        message: `is no ${what} of the ledger; use one of ${keys.map(shown).join(', ')}`,
      });
      return z.NEVER;
    })
    .describe(`one of ${keys.map(shown).join(', ')}, in any case`);
}

export const actionFilter = wordFilter(auditedActions, shownAction, 'action');
export const entityFilter = wordFilter(auditedEntities, shownEntity, 'entity');
