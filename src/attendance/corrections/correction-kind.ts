/** What a correction asks for: a punch that was never made, one at another time or of another type, or none at all. */
export const CORRECTION_KINDS = ['missing_punch', 'changed_time', 'removed_punch'] as const;

/** One of the three things that can be wrong with a person's punches. */
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** Where a correction stands; only a pending one can still be decided or cancelled. */
export const CORRECTION_STATUSES = ['pending', 'approved', 'rejected', 'cancelled'] as const;

/** One of the standings of a correction. */
export type CorrectionStatus = (typeof CORRECTION_STATUSES)[number];
