import type { PipeTransform } from '@nestjs/common';
import { notFound } from '../problems/problem';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * `@Param('id', idParam('punch'))`: an id that is no UUID is an id that does not exist. It is answered with the same words as
 * an unknown one, so that the shape of an id tells nobody anything, and it never reaches the database, which would raise.
 */
export const idParam = (what: string): PipeTransform<string, string> => ({
  transform: (id) => {
    if (!uuid.test(id)) throw notFound(what);
    return id.toLowerCase();
  },
});
