import { placeStatusOf } from '../../../../src/attendance/punches/place';
import { distanceMeters, type Position } from '../../../../src/attendance/rules/place/geofence';
import { geofence } from '../../../../src/tenancy/geofence-settings';
import type { CaseContext, Observers } from '../context';

interface FenceRule {
  readonly lat: number;
  readonly lon: number;
  readonly radiusM: number;
}

/** Where a punch was, and what the server makes of it with a fence that refuses. */
export const GEOFENCE_OBSERVERS: Observers = {
  distanceM: (context) => {
    const { center, position } = placesOf(context);
    return Math.round(distanceMeters(center, position) * 10) / 10;
  },
  inside: (context) => {
    const { center, radiusMeters, position } = placesOf(context);
    const settings = geofence.parse({ fences: [{ name: 'fence', center, radiusMeters }], outside: 'refuse' });
    const draft = { employeeId: '', type: 'in', source: 'mobile', ...position } as const;
    return placeStatusOf(draft, settings).outcome === 'counted';
  },
};

function placesOf({ given: { rules, punches } }: CaseContext): {
  center: Position;
  radiusMeters: number;
  position: Position;
} {
  const { lat, lon, radiusM } = rules['fence'] as FenceRule;
  const [punch] = punches as readonly unknown[] as readonly { lat: number; lon: number }[];
  if (!punch) throw new Error('A case about a place without a punch');
  return {
    center: { latitude: lat, longitude: lon },
    radiusMeters: radiusM,
    position: { latitude: punch.lat, longitude: punch.lon },
  };
}
