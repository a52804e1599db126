/** A position on the earth, in degrees (WGS 84). */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** Where punches are expected: within so many meters of a point, or inside of a polygon, whose last corner is joined to its first. */
export type Fence =
  | { readonly name: string; readonly center: Position; readonly radiusMeters: number }
  | { readonly name: string; readonly corners: readonly Position[] };

/** The fence that a position lies in, or the nearest one. */
interface Nearest {
  readonly name: string;
  /** From the border of the fence; 0 inside. */
  readonly metersOutside: number;
}

/** Mean radius of the earth in meters, rounded as the fence tests of other products round it. */
const EARTH_METERS = 6_371_000;
const radians = (degrees: number) => (degrees * Math.PI) / 180;
/** The difference of two longitudes, by the shorter way around: a fence may lie across the date line. */
const turned = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;

/** Great-circle distance in meters, by the haversine formula, which is exact for short distances too. */
export function distanceMeters(a: Position, b: Position): number {
  const [latitude, longitude] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const half =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(longitude / 2) ** 2;
  return 2 * EARTH_METERS * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** How far outside of the nearest fence a position lies; undefined where there is no fence. Linear in the corners of all of them. */
export function nearestFence(position: Position, fences: readonly Fence[]): Nearest | undefined {
  let nearest: Nearest | undefined;
  for (const fence of fences) {
    const metersOutside =
      'corners' in fence
        ? outsidePolygon(position, fence.corners)
        : Math.max(0, distanceMeters(position, fence.center) - fence.radiusMeters);
    if (!nearest || metersOutside < nearest.metersOutside) nearest = { name: fence.name, metersOutside };
  }
  return nearest;
}

/** In meters on the plane that touches the earth at the position, which is off by less than a thousandth within ten kilometers. */
function outsidePolygon(position: Position, corners: readonly Position[]): number {
  const scale = Math.cos(radians(position.latitude));
  // Corner by corner from the first one, and the position too: a fence across the date line hangs together from wherever it is looked at.
  const origin = corners[0]?.longitude ?? 0;
  const here = turned(position.longitude - origin);
  const points = corners.map(({ latitude, longitude }) => ({
    x: radians(turned(longitude - origin) - here) * scale * EARTH_METERS,
    y: radians(latitude - position.latitude) * EARTH_METERS,
  }));
  let inside = false;
  let nearest = Infinity;
  let from = points.at(-1);
  for (const to of points) {
    if (!from) break;
    // A ray from the position to the east crosses the border an odd number of times exactly where it begins inside.
    if (from.y > 0 !== to.y > 0 && from.x + (-from.y / (to.y - from.y)) * (to.x - from.x) > 0) inside = !inside;
    nearest = Math.min(nearest, distanceToSegment(from, to));
    from = to;
  }
  return inside ? 0 : nearest;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the origin to the nearest point between two others. */
function distanceToSegment(from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(from.x * dx + from.y * dy) / length));
  return Math.hypot(from.x + along * dx, from.y + along * dy);
}
