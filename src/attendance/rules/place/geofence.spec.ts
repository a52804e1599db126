import { distanceMeters, type Fence, nearestFence } from './geofence';

const at = (latitude: number, longitude: number) => ({ latitude, longitude });
const circle = (latitude: number, longitude: number, radiusMeters: number): Fence => ({
  name: 'circle',
  center: at(latitude, longitude),
  radiusMeters,
});
const polygon = (...corners: [number, number][]): Fence => ({
  name: 'polygon',
  corners: corners.map(([latitude, longitude]) => at(latitude, longitude)),
});

describe('the distance of two positions', () => {
  it.each([
    ['GEO-01', at(24, 72), at(24.001, 72.001), 150.6],
    ['GEO-02', at(24, 72), at(24.01, 72.01), 1506.1],
    ['GEO-04', at(25, 75), at(25.1, 75.1), 15_004],
    ['across the date line', at(0, 179.999), at(0, -179.999), 222.4],
    ['none', at(52.5, 13.4), at(52.5, 13.4), 0],
    ['half around the earth', at(90, 0), at(-90, 0), 20_015_086.8],
  ])('%s', (_, a, b, meters) => {
    expect(distanceMeters(a, b)).toBeCloseTo(meters, meters > 10_000 ? -1 : 1);
    expect(distanceMeters(b, a)).toBeCloseTo(distanceMeters(a, b), 6);
  });
});

describe('a fence', () => {
  const square: [number, number][] = [
    [52.5, 13.4],
    [52.5, 13.41],
    [52.51, 13.41],
    [52.51, 13.4],
  ];
  // A U, open to the north.
  const hollow = polygon(
    [0, 0],
    [0, 0.03],
    [0.03, 0.03],
    [0.03, 0.02],
    [0.01, 0.02],
    [0.01, 0.01],
    [0.03, 0.01],
    [0.03, 0],
  );

  it.each<[string, Fence, [number, number], number]>([
    ['a circle, inside', circle(24, 72, 500), [24.001, 72.001], 0],
    ['a circle, outside', circle(24, 72, 500), [24.01, 72.01], 1006.1],
    ['a square, inside', polygon(...square), [52.505, 13.405], 0],
    ['a square, north of it', polygon(...square), [52.52, 13.405], 1111.9],
    ['a square, its corners the other way around', polygon(...[...square].reverse()), [52.505, 13.405], 0],
    ['a square, west of it', polygon(...square), [52.505, 13.39], 676.9],
    ['a corner of it', polygon(...square), [52.5, 13.4], 0],
    ['across the date line, inside', polygon([-1, 179], [-1, -179], [1, -179], [1, 179]), [0, -179.5], 0],
    [
      'across the date line, on the other half of the earth',
      polygon([-1, 179], [-1, -179], [1, -179], [1, 179]),
      [0, 0],
      19_903_900,
    ],
    ['the arm of a U', hollow, [0.02, 0.005], 0],
    ['the hollow of a U', hollow, [0.02, 0.015], 556],
  ])('%s', (_, fence, [latitude, longitude], meters) => {
    const found = nearestFence(at(latitude, longitude), [fence]);
    expect(found?.metersOutside).toBeCloseTo(meters, meters > 10_000 ? -4 : 0);
  });

  it('is the nearest of several', () => {
    const fences = [circle(0, 0, 10), { ...circle(0, 1, 10), name: 'east' }];
    expect(nearestFence(at(0, 0.9), fences)?.name).toBe('east');
    expect(nearestFence(at(0, 0.9), [])).toBeUndefined();
  });
});
