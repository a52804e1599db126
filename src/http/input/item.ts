import type { z } from 'zod';
import type { Fault } from '../problems/problem';
import { schemaFaults } from './schema-faults';

/**
 * The schema of an item in a list whose items are accepted or refused one by one. A fault of form refuses the whole list, like any body:
 * the client's program is wrong. An impossible value, as from a device whose clock has run empty, refuses only its own item, or it would
 * block the others for ever. `form` is the item without the bounds of such values, `item` the same with them. An item that is only out of
 * bounds is passed on as it was sent, with its fault in `fault`.
 */
export const itemSchema = <Form extends z.ZodObject, Item extends z.ZodType>(form: Form, item: Item) =>
  form.transform((sent): z.output<Item> | (z.output<Form> & { readonly fault: Fault }) => {
    const { success, data, error } = item.safeParse(sent);
    if (success) return data;
    const [fault] = error.issues.flatMap((issue) => schemaFaults(issue, sent, { in: 'body', name: undefined }));
    if (!fault) throw error;
    return { ...sent, fault };
  });
