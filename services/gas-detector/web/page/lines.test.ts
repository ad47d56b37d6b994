import { describe, expect, test } from 'vitest';
import type { DetectorSeries, SensorSeries } from '../shared/api.ts';
import { gapsOf, linesOf, lonelyPlaces } from './lines.ts';

const NONE: SensorSeries = { time: [], avg: [], min: [], max: [], whole: undefined };
const series = (groupid: string, time: number[], avg: number[]): DetectorSeries => ({
  groupid,
  count: time.length,
  sensors: {
    co: { ...NONE, time, avg, min: avg.map((v) => v - 1), max: avg.map((v) => v + 1) },
    no2: NONE,
    c2h5oh: NONE,
    h2: NONE,
  },
});

describe('lines on one axis', () => {
  test('are drawn over the times of each other', () => {
    const lines = linesOf([series('1', [0, 10, 20], [1, 2, 3]), series('2', [5, 15], [7, 8])], 'co', 5);
    expect(lines.times).toEqual([0, 5, 10, 15, 20]);
    expect(lines.columns).toEqual([
      [1, undefined, 2, undefined, 3],
      [undefined, 7, undefined, 8, undefined],
    ]);
    expect(lines).toMatchObject({ detectors: ['1', '2'], isBand: false });
  });

  test('are interrupted by silence until the next value, whatever other lines do meanwhile', () => {
    const steady = Array.from({ length: 11 }, (_, index) => index * 10);
    const lines = linesOf([series('1', steady, steady), series('2', [0, 10, 20, 90, 100], [1, 1, 1, 2, 2])], 'co', 5);
    const silent = lines.times.map((time, index) => [time, lines.columns[1]?.[index]]);
    expect(silent.filter(([, value]) => value === null).map(([time]) => time)).toEqual([25, 30, 40, 50, 60, 70, 80]);
    expect(lines.columns[0]).not.toContain(null);
  });

  test('of one detector have a band from least to greatest; a detector without values has no line', () => {
    const lines = linesOf([series('1', [0], [5]), series('2', [], [])], 'co', 5);
    expect(lines).toEqual({ times: [0], columns: [[5], [4], [6]], detectors: ['1'], isBand: true });
  });
});

test('a pause is judged by how often the detector usually speaks', () => {
  expect(gapsOf([0, 60, 120, 180], 5)).toEqual([]);
  expect(gapsOf([0, 60, 120, 420], 5)).toEqual([125]);
  expect(gapsOf([], 5)).toEqual([]);
});

test('values that no line leads to are told', () => {
  expect(lonelyPlaces([1, undefined, 2, null, 3, undefined, null, 4])).toEqual([4, 7]);
  expect(lonelyPlaces([undefined, 1, undefined])).toEqual([1]);
});
