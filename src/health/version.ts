/** Injection token of the version of this build. */
export const VERSION = Symbol('Version');
