import type { Measurement } from '../measurement.ts';

export const cold: Measurement = {
  name: 'cold',
  title: 'The very first `naetmul up`: everything is fetched and installed into an empty cache folder',
  unit: 's',
  cold: true,
  async measure({ parts }) {
    const bench = await parts.naetmul({ environment: { NAETMUL_CACHE: parts.folder('cache') } });
    return { ours: [bench.readyMs / 1000] };
  },
};
