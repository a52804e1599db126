import { roleNames } from '../../auth/roles';
import { Problem } from '../../http/problems/problem';

/** SQL: the column `custom_role` of a row of `user_roles` that gives this role, by which the database knows that the role exists. */
export const customRole = (role: string): string =>
  `CASE WHEN ${role} IN (${roleNames.map((name) => `'${name}'`).join(', ')}) THEN NULL ELSE ${role} END`;

/** For those who give a role: somebody deleted it between the look at it and the gift. */
export const roleGone = {
  user_roles_custom_role_fkey: () => new Problem('conflict', 'The role has just been deleted. Choose another one.'),
};
