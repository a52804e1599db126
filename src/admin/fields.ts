import { z } from 'zod';
import { signIn } from '../auth/auth.schemas';
import { MAX_PASSWORD_LENGTH } from '../auth/passwords';
import { roleCalled, roleNames } from '../auth/roles';
import { searched } from '../http/paging/paging';

/** The fields that people and tenants are described by, in one spelling for all routes. */
export const personName = z.string().trim().min(1).max(200);

/** The very form that signing in accepts: what is saved here can be typed there. */
export const email = signIn.shape.email;

export const employeeNumber = z.string().trim().min(1).max(64);

export const password = z
  .string()
  .min(8)
  .max(MAX_PASSWORD_LENGTH)
  .describe('at least 12 characters; stored as a scrypt hash; never answered, logged or written to the ledger');

/** A person's or a tenant's own clock. */
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not an IANA time zone, such as Europe/Berlin')
  .describe('IANA time zone');

/** A role template, by its name or by one of the names that other systems use for it, or a role of the tenant; whatever the case. */
export const roleName = z
  .string()
  .max(64)
  .transform((name) => roleCalled(name) ?? name.trim().toLowerCase())
  .refine(
    (name) => /^[a-z][a-z0-9_-]*$/.test(name),
    `is not a role; use one of ${roleNames.join(', ')}, or a role of the tenant`,
  )
  .describe(`${roleNames.join(', ')}, an alias such as manager, or a role of the tenant, whatever its case`);

export const searchText = searched.describe('part of a name, address or employee number, in any case; empty: all');

/** Intl also takes offsets such as +01:00, which are not zones: they know no summer. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
