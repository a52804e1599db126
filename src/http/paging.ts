import { z } from 'zod';

/** The two parameters of every list that is paged by keyset. */
export const pageSize = z.coerce.number().int().min(1).max(200).default(50);
export const cursor = z.string().max(2000).optional().describe('nextCursor of the page before');
