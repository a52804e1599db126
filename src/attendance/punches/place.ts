import type { GeofenceSettings } from '../../tenancy/geofence-settings';
import { nearestFence } from '../rules/place/geofence';
import { interactiveSources, type PunchDraft } from './punch';

/** What the place of a punch means. */
export interface PlaceStatus {
  readonly flag?: 'outside_geofence' | 'position_missing';
  readonly outcome: 'counted' | 'held' | 'refused';
  /** Where it is refused: why, in words for the caller. */
  readonly detail?: string;
}

/** Nothing to say about it. */
export const whereExpected: PlaceStatus = { outcome: 'counted' };

/**
 * Whether a punch comes from where the tenant expects it. Only asked where the tenant has fences. A position counts with the accuracy that the device tells, up to the tolerance of
 * the tenant: nobody is turned away for a phone that is unsure by a few meters, and nobody is let in by one that claims to be unsure by miles.
 */
export function placeStatusOf(
  draft: PunchDraft,
  { fences, outside, positionRequired, toleranceMeters }: GeofenceSettings,
): PlaceStatus {
  const { latitude, longitude, accuracyMeters = 0, source } = draft;
  const interactive = interactiveSources.find((each) => each === source);
  const outcome = interactive ? ({ record: 'counted', hold: 'held', refuse: 'refused' } as const)[outside] : 'counted';
  if (latitude === undefined || longitude === undefined) {
    if (!interactive || !positionRequired.includes(interactive)) return whereExpected;
    return {
      flag: 'position_missing',
      outcome,
      detail: 'Punches from here need a position: send latitude and longitude.',
    };
  }
  const nearest = nearestFence({ latitude, longitude }, fences);
  const meters = (nearest?.metersOutside ?? 0) - Math.min(accuracyMeters, toleranceMeters);
  if (!nearest || meters <= 0) return whereExpected;
  return {
    flag: 'outside_geofence',
    outcome,
    detail: `The position lies ${Math.ceil(meters)} m outside of ${nearest.name}, the nearest place where punches are expected.`,
  };
}
