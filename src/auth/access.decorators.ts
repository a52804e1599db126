import { SetMetadata } from '@nestjs/common';
import type { Permission } from './principal';

export const ACCESS = 'rollcall:access';

/** Who may call a route: everybody, any signed-in principal, or holders of one of some permissions. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'permission'; readonly anyOf: readonly Permission[] };

/** No token needed. Every use is on a committed list that a test compares. */
export const Public = () => SetMetadata(ACCESS, { kind: 'public' } satisfies Access);

export const OPEN_TO_KEYS = 'rollcall:open-to-keys';

/** A route that changes something and that an API key may call as well as a person. Without it, changes take a person. */
export const OpenToKeys = () => SetMetadata(OPEN_TO_KEYS, true);

/** A valid token is enough. */
export const SignedIn = () => SetMetadata(ACCESS, { kind: 'signed-in' } satisfies Access);

/** A valid token whose principal holds at least one of the permissions. A route without a policy refuses to boot. */
export const Allow = (...anyOf: [Permission, ...Permission[]]) =>
  SetMetadata(ACCESS, { kind: 'permission', anyOf } satisfies Access);
