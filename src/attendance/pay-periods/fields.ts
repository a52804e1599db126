import { z } from 'zod';
import { localDate } from '../../http/input/dates';

/** A local date that pay periods are made for. */
export const periodDate = localDate.refine(
  (text) => text >= '1970-01-01' && text <= '2199-12-31',
  'must lie between 1970-01-01 and 2199-12-31',
);
export const reason = z.string().trim().min(3).max(500).describe('why; it stands in the ledger');
