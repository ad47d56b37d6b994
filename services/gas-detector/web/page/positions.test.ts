import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionOf, project, scaleBar, spread } from './positions.ts';

test.each([
  ['37.61002501514269, 126.99636868892937', { latitude: 37.61002501514269, longitude: 126.99636868892937 }],
  ['-33.8,151.2', { latitude: -33.8, longitude: 151.2 }],
  ['91, 0', undefined],
  ['0, 181', undefined],
  ['여기', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is a place, or none', (gps, position) => {
  expect(positionOf(gps)).toEqual(position);
});

describe('a map', () => {
  const positions = fc.array(
    fc.record({
      latitude: fc.double({ min: 33, max: 39, noNaN: true }),
      longitude: fc.double({ min: 125, max: 130, noNaN: true }),
    }),
    { minLength: 1, maxLength: 8 },
  );

  test('has every detector within its edges', () => {
    fc.assert(
      fc.property(positions, (all) => {
        const { place } = project(all, 360, 250, 50);
        for (const { x, y } of all.map(place)) {
          expect(x).toBeGreaterThan(49.9);
          expect(x).toBeLessThan(310.1);
          expect(y).toBeGreaterThan(49.9);
          expect(y).toBeLessThan(200.1);
        }
      }),
    );
  });

  test('has north at the top, and the same metres in both directions', () => {
    const seoul = { latitude: 37.6, longitude: 127 };
    const { place, scale } = project(
      [seoul, { latitude: 37.61, longitude: 127 }, { latitude: 37.6, longitude: 127.01 }],
      300,
      300,
      10,
    );
    const [origin, north, east] = [
      seoul,
      { latitude: 37.61, longitude: 127 },
      { latitude: 37.6, longitude: 127.01 },
    ].map(place);
    expect(((origin?.y ?? 0) - (north?.y ?? 0)) / scale).toBeCloseTo(1113.2, 0);
    // A degree of longitude is shorter there, by the cosine of the latitude.
    expect(((east?.x ?? 0) - (origin?.x ?? 0)) / scale).toBeCloseTo(881.9, 0);
  });
});

test('a scale bar is round and not too long', () => {
  expect(scaleBar(0.3, 120)).toBe(200);
  expect(scaleBar(0.01, 120)).toBe(10_000);
  expect(scaleBar(1, 199)).toBe(100);
});

test('detectors at one place do not cover each other', () => {
  const spots = spread(
    Array.from({ length: 4 }, () => ({ x: 5, y: 5 })),
    30,
  );
  for (const [index, a] of spots.entries()) {
    for (const b of spots.slice(index + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(29.9);
  }
  expect(
    spread(
      [
        { x: 0, y: 0 },
        { x: 90, y: 0 },
      ],
      30,
    ),
  ).toEqual([
    { x: 0, y: 0 },
    { x: 90, y: 0 },
  ]);
});
