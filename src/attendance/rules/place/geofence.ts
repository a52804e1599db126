/** Degrees, WGS 84. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

export interface CircleFence extends Position {
  readonly radiusMetres: number;
}

/** Mean radius of the earth in metres, as most comparable products take it. */
const EARTH_RADIUS = 6_371_000;

/** Great-circle distance in metres (haversine). */
export function distanceMetres(a: Position, b: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const halfChord =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(halfChord)));
}

/** Exactly on the line is inside. */
export function isInside(fence: CircleFence, position: Position): boolean {
  return distanceMetres(fence, position) <= fence.radiusMetres;
}

/** Inside a polygon of at least three corners (even-odd rule on plain coordinates: good for sites, not across the date line). */
export function isInsidePolygon(corners: readonly Position[], position: Position): boolean {
  let inside = false;
  for (const [index, corner] of corners.entries()) {
    const previous = corners.at(index - 1) ?? corner;
    const crosses = corner.latitude > position.latitude !== previous.latitude > position.latitude;
    if (!crosses) continue;
    const slope = (position.latitude - corner.latitude) / (previous.latitude - corner.latitude);
    if (position.longitude < corner.longitude + slope * (previous.longitude - corner.longitude)) inside = !inside;
  }
  return inside;
}
