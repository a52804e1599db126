import type { z } from 'zod';
import type { Fault } from '../problems/problem';
import { schemaFaults } from './schema-faults';

/**
 * An item of a list in which each stands or falls alone. What is wrong with its form refuses the whole list, like any body: its program is
 * wrong, and will be with every item. A value that cannot be, as a device reads it whose clock has run empty, refuses its own item:
 * else one of them would keep back all the others for ever. `form` is the item with those values loosely said, `item` the
 * same with their bounds; one that breaks these alone is handed over as it was sent, with what is wrong with it in `fault`.
 */
export const standingAlone = <Form extends z.ZodObject, Item extends z.ZodType>(form: Form, item: Item) =>
  form.transform((sent): z.output<Item> | (z.output<Form> & { readonly fault: Fault }) => {
    const { success, data, error } = item.safeParse(sent);
    if (success) return data;
    const [fault] = error.issues.flatMap((issue) => schemaFaults(issue, sent, { in: 'body', name: undefined }));
    if (!fault) throw error;
    return { ...sent, fault };
  });
