/** Where a text is part of a user's name, address or employee number; `$n` is the text, null for everybody. */
export const matches = (
  parameter: string,
) => `(${parameter}::text IS NULL OR strpos(lower(u.name), lower(${parameter})) > 0
  OR strpos(u.email, lower(${parameter})) > 0 OR strpos(lower(u.employee_number), lower(${parameter})) > 0)`;
