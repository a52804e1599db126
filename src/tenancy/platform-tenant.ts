/** The tenant of operators, sign-ins that failed before a tenant was known, and the platform's own ledger. */
export const PLATFORM_TENANT = '00000000-0000-0000-0000-000000000000';
