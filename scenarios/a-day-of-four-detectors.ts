import { expect, scenario } from '../harness/kit/index.ts';
import { aDay } from '../services/gas-detector/devices/day.ts';

const GASES = ['co', 'no2', 'c2h5oh', 'h2'] as const;
const EVERY_SECONDS = 600;
const DETECTORS = 4;

scenario(
  'a day of four detectors goes by in seconds, and OpenSearch’s aggregates are those of the readings',
  async ({ clock, gasDetector, tell }) => {
    const readings = [...aDay({ detectors: DETECTORS, everySeconds: EVERY_SECONDS })];
    expect(readings).toHaveLength((DETECTORS * 86_400) / EVERY_SECONDS);

    await tell.step('Every ten minutes of the day each detector posts once');
    for (let from = 0; from < readings.length; from += DETECTORS) {
      const round = readings.slice(from, from + DETECTORS);
      await clock.set(
        new Date(Date.parse('2021-09-03T00:00:00Z') + (from / DETECTORS) * EVERY_SECONDS * 1000).toISOString(),
      );
      const answers = await Promise.all(round.map((reading) => gasDetector.post(reading)));
      expect(answers.map(({ status }) => status)).toEqual(round.map(() => 200));
    }

    await tell.step('By detector and gas: how many, the smallest, the largest, the mean');
    const stats = Object.fromEntries(GASES.map((gas) => [gas, { stats: { field: `${gas}.value` } }]));
    const answer = await gasDetector.search({
      size: 0,
      aggs: { detectors: { terms: { field: 'groupid.keyword', size: 100 }, aggs: stats } },
    });
    const buckets = answer.aggregations.detectors.buckets;
    expect(buckets).toHaveLength(DETECTORS);
    for (const bucket of buckets) {
      for (const gas of GASES) {
        const values = readings
          .filter(({ groupid }) => groupid === bucket.key)
          .map((reading) => Number(reading[gas].value));
        const { count, min, max, avg } = bucket[gas];
        expect(count).toBe(values.length);
        expect(min).toBe(Math.min(...values));
        expect(max).toBe(Math.max(...values));
        expect(avg).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);
      }
    }

    await tell.step('Every hour of the day has its readings, by the time they came');
    const hours = await gasDetector.search({
      size: 0,
      aggs: { hours: { date_histogram: { field: 'date', fixed_interval: '1h' } } },
    });
    const counts = hours.aggregations.hours.buckets.map(({ doc_count }: { doc_count: number }) => doc_count);
    expect(counts).toEqual(Array.from({ length: 24 }, () => (DETECTORS * 3600) / EVERY_SECONDS));
    tell.figure('readings', readings.length);
  },
);
