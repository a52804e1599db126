import type { CaseDraft } from '../draft';

/** For each key of `rules` what it means: it writes into the draft, or throws Unsupported for a value that it does not know. */
export type RuleKeys = Readonly<Record<string, (draft: CaseDraft, value: unknown, rules: RuleValues) => void>>;

export type RuleValues = Readonly<Record<string, unknown>>;
