/** What a correction asks for: a punch that was never made, one at another time or of another type, or none at all. */
export const CORRECTION_KINDS = ['missing_punch', 'changed_time', 'removed_punch'] as const;

/** One of the three things that can be wrong with an employee's punches. */
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** The status of a correction; only a pending one can still be decided or cancelled. */
export const CORRECTION_STATUSES = ['pending', 'approved', 'rejected', 'cancelled'] as const;

/** One of the statuses of a correction. */
export type CorrectionStatus = (typeof CORRECTION_STATUSES)[number];
