import type { Measurement } from '../measurement.ts';
import { summarize } from '../statistics.ts';

const ENGINES = ['localstack', 'opensearch', 'mysql', 'mqtt'] as const;

export const up: Measurement = {
  name: 'up',
  title: 'Warm `naetmul up`, from the start of its process until it is ready with all pipelines deployed',
  rival: 'its slowest engine, started alone',
  unit: 's',
  target: { of: 'ratio', atMost: 1.25 },
  async measure({ rounds, parts, progress }) {
    const alone = new Map<string, number[]>(ENGINES.map((name) => [name, []]));
    const ours: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const name of ENGINES) {
        progress(`round ${round}: ${name} alone`);
        alone.get(name)?.push((await parts.timeEngine(name)) / 1000);
      }
      progress(`round ${round}: everything`);
      const bench = await parts.naetmul();
      ours.push(bench.readyMs / 1000);
      await bench.stop();
    }
    const engines = [...alone].map(([name, seconds]) => ({ name, seconds, median: summarize(seconds).median }));
    engines.sort((a, b) => b.median - a.median);
    return {
      ours,
      rival: engines[0]?.seconds ?? [],
      notes: [
        `Alone: ${engines.map(({ name, median }) => `${name} ${median.toFixed(2)} s`).join(', ')}`,
        `One after the other: ${engines.reduce((sum, { median }) => sum + median, 0).toFixed(2)} s`,
      ],
    };
  },
};
