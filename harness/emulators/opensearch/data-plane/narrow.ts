import { matchesIndex } from './indices.ts';
import { isPattern, type Targets } from './targets.ts';

/** Without an index, these mean all indices. `*` in front says the same. */
const OF_ALL_INDICES = new Set([
  '_alias',
  '_aliases',
  '_cache/clear',
  '_count',
  '_field_caps',
  '_flush',
  '_forcemerge',
  '_mapping',
  '_msearch',
  '_recovery',
  '_refresh',
  '_search',
  '_search_shards',
  '_segments',
  '_settings',
  '_shard_stores',
  '_stats',
  '_validate/query',
]);

/** These take the index behind them. */
const OF_ALL_INDICES_BEFORE = new Set(['_cat/count', '_cat/indices', '_cat/recovery', '_cat/segments', '_cat/shards']);

/**
 * The request's path, so that what it says with wildcards, or of all indices, leaves out those of other domains. Names
 * that stand in it outright are not touched.
 *
 * @param path encoded
 * @param foreign indices of other domains
 */
export function narrowed(method: string, path: string, targets: Targets, foreign: readonly string[]): string {
  const { segments, expressions } = targets;
  if (foreign.length === 0) return path;
  if (expressions.length > 0) {
    const outside = foreign.filter((index) => expressions.some((one) => isPattern(one) && matchesIndex(one, index)));
    if (outside.length === 0) return path;
    const list = expressions.map((one) => (one === '_all' ? '*' : one)).map(encodeURIComponent);
    const rest = path.split('/').filter(Boolean).slice(1);
    return `/${[[...list, ...outside.map(excluded)].join(','), ...rest].join('/')}`;
  }
  const all = ['*', ...foreign.map(excluded)].join(',');
  const whole = segments.join('/');
  // Aliases are changed at this very path, and by names.
  if (whole === '_aliases' && method !== 'GET') return path;
  if (OF_ALL_INDICES.has(whole)) return `/${all}/${whole === '_aliases' ? '_alias' : whole}`;
  if (OF_ALL_INDICES_BEFORE.has(whole)) return `/${whole}/${all}`;
  return path;
}

function excluded(index: string): string {
  return `-${encodeURIComponent(index)}`;
}
