import { z } from 'zod';
import { localDate } from '../../http/dates';

/** A local date that every calendar and the database can hold. */
export const date = localDate.refine(
  (text) => text >= '1970-01-01' && text <= '2199-12-31',
  'must lie between 1970-01-01 and 2199-12-31',
);
export const reason = z.string().trim().min(3).max(500).describe('why; it stands in the ledger');
export const pageSize = z.coerce.number().int().min(1).max(200).default(50);
export const cursor = z.string().max(2000).optional().describe('nextCursor of the page before');
