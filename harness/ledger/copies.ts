/** How often each event is in a sink, judged against what was accepted. */
export interface CopiesReport {
  /** True when nothing is lost or unexpected, and nothing is there more often than allowed. */
  readonly ok: boolean;
  readonly accepted: number;
  /** Everything in the sink, copies included. */
  readonly stored: number;
  /** Accepted, and not in the sink. */
  readonly lost: readonly string[];
  /** In the sink, and never accepted. */
  readonly unexpected: readonly string[];
  /** In the sink more often than allowed: id → copies. */
  readonly tooOften: ReadonlyMap<string, number>;
}

/**
 * Judges a sink as Jepsen judges a queue: lost, unexpected, too often. With `atMost` 1, each event must be there exactly
 * once; with more, that often at most: what the retry rules allow.
 *
 * @param accepted the ids of the events that somebody answered "taken" for
 * @param copies how often each id is in the sink
 */
export function checkCopies(
  accepted: Iterable<string>,
  copies: ReadonlyMap<string, number>,
  { atMost }: { readonly atMost: number },
): CopiesReport {
  const wanted = new Set(accepted);
  const lost = [...wanted].filter((id) => (copies.get(id) ?? 0) === 0);
  const unexpected = [...copies.keys()].filter((id) => !wanted.has(id));
  const tooOften = new Map([...copies].filter(([, count]) => count > atMost));
  return {
    ok: lost.length === 0 && unexpected.length === 0 && tooOften.size === 0,
    accepted: wanted.size,
    stored: [...copies.values()].reduce((sum, count) => sum + count, 0),
    lost,
    unexpected,
    tooOften,
  };
}
