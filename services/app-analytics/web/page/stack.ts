import type { Counts } from '../shared/api.ts';

/** One layer of the bars. */
export interface Layer {
  /** Undefined: all other types together. */
  readonly type: string | undefined;
  readonly count: number;
  readonly counts: readonly number[];
  /** Where the layer ends: its own counts and those of all layers below it. */
  readonly tops: readonly number[];
}

/** The layers from the lowest, the most frequent type, to the highest. */
export function layersOf({ types, others }: Pick<Counts, 'types' | 'others'>): Layer[] {
  const parts = [...types, ...(others ? [{ ...others, type: undefined }] : [])];
  let below: readonly number[] = [];
  return parts.map(({ type, count, counts }) => {
    below = counts.map((own, at) => own + (below[at] ?? 0));
    return { type, count, counts, tops: below };
  });
}
