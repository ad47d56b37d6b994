import { hashId } from './hash.ts';
import type { EntryNumber, IdRange, LedgerId, What } from './ledger.ts';
import type { LedgerStore, Mention } from './store.ts';

/** How many ids a report names for each kind of loss. */
const NAMED = 20;

/** What is in memory somewhere, accepted and not yet passed on. */
export interface Held {
  /** The place, as the ledger's entries name it: `firehose/ingest-delivery`. */
  readonly where: string;
  readonly ids: readonly (LedgerId | IdRange)[];
}

export interface ConservationReport {
  /** True when nothing is missing and nothing unexpected turned up. */
  readonly ok: boolean;
  /** Events that some place took responsibility for. */
  readonly accepted: number;
  readonly stored: number;
  /** Taken from a queue by somebody who said that it is done with them, or passed on under another name. */
  readonly consumed: number;
  readonly backedUp: number;
  readonly deadLettered: number;
  readonly dropped: number;
  readonly held: number;
  /** Gone, with the reason known. */
  readonly lost: number;
  /** Gone, and nobody knows why: a defect of naetmul or of an engine. */
  readonly missing: number;
  /** In a sink though nobody accepted it. */
  readonly unexpected: number;
  /** Copies beyond the first, of events that were stored more than once. */
  readonly duplicates: number;
  readonly heldBy: readonly { readonly where: string; readonly count: number }[];
  readonly losses: readonly { readonly reason: string; readonly count: number; readonly examples: readonly string[] }[];
  readonly examples: { readonly missing: readonly string[]; readonly unexpected: readonly string[] };
}

type Fate =
  | 'stored'
  | 'consumed'
  | 'backedUp'
  | 'deadLettered'
  | 'dropped'
  | 'held'
  | 'lost'
  | 'missing'
  | 'unexpected';

const FINAL: Partial<Record<What, Fate>> = {
  stored: 'stored',
  consumed: 'consumed',
  'backed-up': 'backedUp',
  'dead-lettered': 'deadLettered',
  dropped: 'dropped',
};

interface Destruction {
  readonly n: EntryNumber;
  readonly places: readonly string[];
  readonly reason: string;
}

/**
 * The conservation law over the whole history: accepted = stored + consumed + backed up + dead-lettered + dropped + held + lost
 * for a known reason. Whatever is left over is missing. A place keeps what it accepted until another place accepts it
 * (a stream read by a delivery stream), it reaches a sink, or the place is destroyed.
 */
export function checkConservation(store: LedgerStore, held: readonly Held[]): ConservationReport {
  const context = {
    store,
    destructions: destructions(store),
    holders: holders(held),
    sinks: new Map<EntryNumber, string>(),
  };
  const counts: Record<Fate, number> = {
    stored: 0,
    consumed: 0,
    backedUp: 0,
    deadLettered: 0,
    dropped: 0,
    held: 0,
    lost: 0,
    missing: 0,
    unexpected: 0,
  };
  const heldBy = new Map<string, number>();
  const losses = new Map<string, { count: number; examples: string[] }>();
  const examples = { missing: [] as string[], unexpected: [] as string[] };
  let duplicates = 0;

  for (const group of groupByKey(store.mentionsByKey())) {
    for (const part of split(group, context.holders.get(group[0]?.key ?? 0) ?? [])) {
      const verdict = judge(part, context);
      if (!verdict) continue;
      const { fate, size } = verdict;
      counts[fate] += size;
      duplicates += verdict.extraCopies * size;
      const name = () => nameOf(store, part);
      if (fate === 'held') heldBy.set(verdict.note, (heldBy.get(verdict.note) ?? 0) + size);
      if (fate === 'lost') {
        const loss = losses.get(verdict.note) ?? { count: 0, examples: [] };
        loss.count += size;
        if (loss.examples.length < NAMED) loss.examples.push(name());
        losses.set(verdict.note, loss);
      }
      if ((fate === 'missing' || fate === 'unexpected') && examples[fate].length < NAMED) examples[fate].push(name());
    }
  }
  const { unexpected, ...accounted } = counts;
  return {
    ok: counts.missing === 0 && unexpected === 0,
    accepted: Object.values(accounted).reduce((sum, count) => sum + count, 0),
    ...counts,
    duplicates,
    heldBy: [...heldBy].map(([where, count]) => ({ where, count })),
    losses: [...losses].map(([reason, loss]) => ({ reason, ...loss })),
    examples,
  };
}

/** `10 accepted = 6 stored + 2 held + 1 lost + 1 missing`: the whole of a report on one line. */
export function describeSum(report: ConservationReport): string {
  const parts: [string, number][] = [
    ['stored', report.stored],
    ['consumed', report.consumed],
    ['backed up', report.backedUp],
    ['dead-lettered', report.deadLettered],
    ['dropped', report.dropped],
    ['held', report.held],
    ['lost', report.lost],
    ['missing', report.missing],
  ];
  const sum = parts.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
  return `${report.accepted} accepted = ${sum.join(' + ') || '0'}`;
}

/** What is said of one stretch of a series, whose every event shares the same history. */
interface Part {
  readonly key: number;
  readonly first: number;
  readonly last: number;
  readonly mentions: readonly Mention[];
}

interface Context {
  readonly store: LedgerStore;
  readonly destructions: readonly Destruction[];
  readonly holders: ReadonlyMap<number, readonly Holding[]>;
  /** The place that an entry's events went into: looked up once per entry, not once per event. */
  readonly sinks: Map<EntryNumber, string>;
}

interface Verdict {
  readonly fate: Fate;
  readonly size: number;
  readonly extraCopies: number;
  /** The reason of a loss, or who holds it. */
  readonly note: string;
}

/** Of an event that several delivery streams read, the first of these fates that it has with any of them is the one. */
const GRAVEST_FIRST: readonly Fate[] = ['missing', 'lost', 'held'];

/** Each delivery stream answers for what it accepted: that another one delivered its copy is no excuse. */
function judge(part: Part, context: Context): Verdict | undefined {
  const isRead = ({ what, where }: Mention) => what === 'accepted' && isDeliveryStream(where);
  const readers = new Set(part.mentions.filter(isRead).map(({ where }) => where));
  if (readers.size < 2) return judgeHistory(part, context);
  const verdicts = [...readers].flatMap((reader) => {
    const mentions = part.mentions.filter(({ where }) => where === reader);
    return judgeHistory({ ...part, mentions }, context, reader) ?? [];
  });
  const found = GRAVEST_FIRST.map((fate) => verdicts.find((verdict) => verdict.fate === fate));
  const gravest = found.find((verdict) => verdict !== undefined) ?? verdicts[0];
  const extraCopies = verdicts.reduce((sum, verdict) => sum + verdict.extraCopies, 0);
  return gravest && { ...gravest, extraCopies };
}

/** @param by who must be the one that holds it, where that matters */
function judgeHistory(part: Part, context: Context, by?: string): Verdict | undefined {
  const size = part.last - part.first;
  const verdict = (fate: Fate, note = '', extraCopies = 0): Verdict => ({ fate, size, note, extraCopies });
  const acceptances = part.mentions.filter((mention) => mention.what === 'accepted');
  const finals = part.mentions.filter((mention) => FINAL[mention.what] !== undefined);
  if (acceptances.length === 0) return finals.length > 0 ? verdict('unexpected') : undefined;

  const lost = part.mentions.findLast((mention) => mention.what === 'lost');
  const surviving = finals.filter(
    (mention) =>
      !destroyedAfter(mention, sinkOf(mention, context), context) &&
      // A dead-letter queue keeps its messages for some days only.
      !(mention.what === 'dead-lettered' && lost !== undefined && lost.n > mention.n),
  );
  const stored = surviving.filter((mention) => mention.what === 'stored');
  // What came out of a dead-letter queue again ended where it went then.
  const final = stored[0] ?? surviving.at(-1);
  if (final) return verdict(FINAL[final.what] as Fate, '', Math.max(0, stored.length - 1));
  const holder = context.holders
    .get(part.key)
    ?.find((held) => held.first <= part.first && held.last >= part.last && (by === undefined || held.where === by));
  if (holder) return verdict('held', holder.where);
  if (lost) return verdict('lost', String(context.store.get(lost.n)?.detail?.reason ?? 'no reason given'));
  const [goneSink] = finals;
  if (goneSink) return verdict('lost', destroyedAfter(goneSink, sinkOf(goneSink, context), context)?.reason ?? '');
  const newest = acceptances.at(-1) as Mention;
  const destroyed = destroyedAfter(newest, newest.where, context);
  if (destroyed) return verdict('lost', destroyed.reason);
  // A stream keeps its records; any other place must name what it holds.
  return isStream(newest.where) ? verdict('held', newest.where) : verdict('missing');
}

function sinkOf(mention: Mention, context: Context): string {
  const known = context.sinks.get(mention.n);
  if (known !== undefined) return known;
  const [container] = context.store.get(mention.n)?.into ?? [];
  const sink = container === undefined ? mention.where : placeOf(container);
  context.sinks.set(mention.n, sink);
  return sink;
}

function isStream(where: string): boolean {
  return where.startsWith('kinesis/');
}

function isDeliveryStream(where: string): boolean {
  return where.startsWith('firehose/');
}

/** `object/bucket/key` lies in `s3/bucket`. */
function placeOf(container: string): string {
  const [kind, scope] = container.split('/', 2);
  return `${kind === 'object' ? 's3' : kind}/${scope}`;
}

function destroyedAfter(mention: Mention, place: string, context: Context): Destruction | undefined {
  return context.destructions.find(
    (destruction) =>
      destruction.n > mention.n &&
      destruction.places.some((gone) => (gone.endsWith('*') ? place.startsWith(gone.slice(0, -1)) : place === gone)),
  );
}

function destructions(store: LedgerStore): Destruction[] {
  return store.ofKind('destroyed').map((entry) => ({
    n: entry.n,
    places: (entry.detail?.places ?? []) as string[],
    reason: String(entry.detail?.reason ?? 'no reason given'),
  }));
}

interface Holding {
  readonly where: string;
  readonly first: number;
  readonly last: number;
}

function holders(held: readonly Held[]): Map<number, Holding[]> {
  const map = new Map<number, Holding[]>();
  for (const { where, ids } of held) {
    for (const id of ids) {
      const [name, first, last] = typeof id === 'string' ? [id, 0, 1] : [id.series, id.from, id.to];
      const key = hashId(name);
      const list = map.get(key);
      if (list) list.push({ where, first, last });
      else map.set(key, [{ where, first, last }]);
    }
  }
  return map;
}

function* groupByKey(mentions: Iterable<Mention>): Generator<Mention[]> {
  let group: Mention[] = [];
  for (const mention of mentions) {
    if (group.length > 0 && group[0]?.key !== mention.key) {
      yield group;
      group = [];
    }
    group.push(mention);
  }
  if (group.length > 0) yield group;
}

/** Cuts a series at every boundary that any mention or holding has. */
function* split(group: readonly Mention[], holdings: readonly Holding[]): Generator<Part> {
  const key = (group[0] as Mention).key;
  const cuts = [...new Set([...group, ...holdings].flatMap((span) => [span.first, span.last]))].sort((a, b) => a - b);
  for (let at = 0; at + 1 < cuts.length; at++) {
    const [first, last] = [cuts[at] as number, cuts[at + 1] as number];
    const mentions = group.filter((mention) => mention.first <= first && mention.last >= last);
    if (mentions.length > 0) yield { key, first, last, mentions };
  }
}

function nameOf(store: LedgerStore, part: Part): string {
  for (const id of store.get((part.mentions[0] as Mention).n)?.ids ?? []) {
    if (typeof id === 'string' ? hashId(id) === part.key : hashId(id.series) === part.key) {
      return typeof id === 'string' ? id : `${id.series}[${part.first}..${part.last - 1}]`;
    }
  }
  return `#${part.key}`;
}
