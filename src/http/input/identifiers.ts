import { z } from 'zod';

/**
 * The id of a resource in a body, a query or an answer. RFC 9562 (section 4) reads capital letters as the small ones, and ids
 * are compared as texts in many places (who decides about whom, which punch is a repetition): so they are small from here on.
 */
export const identifier = z.uuid().toLowerCase();
