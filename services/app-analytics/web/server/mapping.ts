import { type NextIndex, TIME_FIELD, type Verdict } from '../shared/api.ts';

/** Types by which events can be sorted and counted, with times in ms on both sides. */
const USABLE: ReadonlySet<string> = new Set(['date', 'long']);

export function isUsable(type: string | undefined): boolean {
  return type === undefined || USABLE.has(type);
}

/** @param types of `arrival_timestamp` in each index; undefined where an index does not have it */
export function verdictOf(types: readonly (string | undefined)[]): Verdict {
  if (types.length === 0) return 'empty';
  const known = new Set(types.filter((type) => type !== undefined));
  if (known.size === 0) return 'untimed';
  if (!known.has('date')) return 'wrong';
  return known.size === 1 ? 'date' : 'conflict';
}

/** `GET /{index}/_mapping/field/arrival_timestamp`, which leaves out what has no such field from `mappings`. */
export type FieldMappings = Readonly<
  Record<string, { readonly mappings: Readonly<Record<string, { readonly mapping: Properties } | undefined>> }>
>;

type Properties = Readonly<Record<string, { readonly type?: string } | undefined>>;

export function typesByIndex(answer: FieldMappings): ReadonlyMap<string, string | undefined> {
  return new Map(
    Object.entries(answer).map(([index, { mappings }]) => [index, mappings[TIME_FIELD]?.mapping[TIME_FIELD]?.type]),
  );
}

/** `GET /_template`. */
export type LegacyTemplates = Readonly<
  Record<
    string,
    {
      readonly order: number;
      readonly index_patterns: readonly string[];
      readonly mappings?: { readonly properties?: Properties };
    }
  >
>;

/** `POST /_index_template/_simulate_index/{name}`: empty where no composable template is for the name. */
export interface Simulated {
  readonly template?: { readonly mappings?: { readonly properties?: Properties } };
}

/**
 * What an index of this name would have. A composable template that matches is the only one that counts; of the legacy
 * ones all that match are merged, and the highest order wins.
 */
export function nextIndex(name: string, legacy: LegacyTemplates, { template: composable }: Simulated): NextIndex {
  if (composable !== undefined) {
    const type = composable.mappings?.properties?.[TIME_FIELD]?.type;
    return { name, type, template: type === undefined ? undefined : '_index_template' };
  }
  const [winner] = Object.entries(legacy)
    .filter(([, { index_patterns: patterns }]) => patterns.some((pattern) => matches(pattern, name)))
    .filter(([, { mappings }]) => mappings?.properties?.[TIME_FIELD]?.type !== undefined)
    .sort(([, a], [, b]) => b.order - a.order);
  if (winner === undefined) return { name, type: undefined, template: undefined };
  return { name, template: winner[0], type: winner[1].mappings?.properties?.[TIME_FIELD]?.type };
}

/** Whether an index pattern, in which only `*` is special, stands for a name. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
