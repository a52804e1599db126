import type { Principal } from '../../auth/principal';
import { roleNames, roleTemplates } from '../../auth/roles';
import { isGrantable } from './grants';

/** The role templates, as they look to somebody who wants to give one. */
export function templatesFor(by: Principal) {
  return roleNames.map((id) => {
    const { title, description, permissions } = roleTemplates[id];
    return { id, title, description, permissions, grantable: isGrantable(by, { name: id, permissions }) };
  });
}
